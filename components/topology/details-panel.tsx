"use client";

import { X } from "lucide-react";
import { useEffect } from "react";
import type { LivePicture } from "#domain/live.ts";
import { Button } from "../ui/button.tsx";
import { nameOfId, nodeName } from "./describe.ts";
import { EdgeDetails } from "./edge-details.tsx";
import { NodeDetails } from "./node-details.tsx";
import type { Selection } from "./selection.ts";

interface DetailsPanelProps {
  readonly picture: LivePicture;
  readonly selection: Selection;
  readonly onSelect: (id: string | null) => void;
}

/** Everything about the selected node or edge, beside the drawing; on phones, over its lower half. */
export function DetailsPanel({ picture, selection, onSelect }: DetailsPanelProps) {
  const title =
    selection.kind === "node"
      ? nodeName(selection.node)
      : `${nameOfId(selection.edge.from)} → ${nameOfId(selection.edge.to)}`;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape") onSelect(null);
    };
    window.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("keydown", onKey);
    };
  }, [onSelect]);

  return (
    <aside
      aria-label={`Details of ${title}`}
      className="z-10 flex flex-col overflow-y-auto border-line bg-surface max-lg:fixed max-lg:inset-x-0 max-lg:bottom-13 max-lg:max-h-[60dvh] max-lg:rounded-t-lg max-lg:border-t max-lg:shadow-pop lg:absolute lg:inset-y-0 lg:right-0 lg:w-88 lg:rounded-r-lg lg:border-l"
    >
      <header className="sticky top-0 flex items-center gap-2 border-b border-line bg-surface py-2 pr-2 pl-4">
        <h2 className="min-w-0 text-md font-semibold break-words">{title}</h2>
        <Button
          variant="ghost"
          size="icon"
          className="ml-auto shrink-0"
          aria-label="Close details"
          onClick={() => {
            onSelect(null);
          }}
        >
          <X aria-hidden />
        </Button>
      </header>
      <div className="live flex flex-col gap-4 p-4">
        {selection.kind === "node" ? (
          <NodeDetails picture={picture} node={selection.node} onSelect={onSelect} />
        ) : (
          <EdgeDetails picture={picture} edge={selection.edge} onSelect={onSelect} />
        )}
      </div>
    </aside>
  );
}
