"use client";

import { X } from "lucide-react";
import { useEffect } from "react";
import { Button } from "../../ui/button.tsx";
import { cn } from "../../ui/cn.ts";
import { DetailSection } from "../detail-parts.tsx";
import { figuresOf, mergeFigures } from "../model/figures.ts";
import { CallList } from "./call-list.tsx";
import { EdgePanel } from "./edge-panel.tsx";
import { FiguresList } from "./figures-list.tsx";
import { GatewayPanel } from "./gateway-panel.tsx";
import { GroupPanel } from "./group-panel.tsx";
import { NodePanel } from "./node-panel.tsx";
import type { PanelProps } from "./panel-props.ts";
import { PartPanel } from "./part-panel.tsx";
import { titleOf, type Selection } from "./resolve-selection.ts";

interface GraphPanelProps extends PanelProps {
  readonly selection: Selection;
  readonly onClose: () => void;
  /** Lets a pinned node go; null when it is not pinned. */
  readonly onUnpin: (() => void) | null;
}

/** Everything about what is selected, beside the drawing; on phones, over its lower half. */
export function GraphPanel({ selection, onClose, onUnpin, ...props }: GraphPanelProps) {
  const title = titleOf(selection);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape" && !event.defaultPrevented) onClose();
    };
    window.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("keydown", onKey);
    };
  }, [onClose]);

  return (
    <aside
      aria-label={`Details of ${title}`}
      className="z-20 flex flex-col overflow-y-auto border-line bg-surface max-lg:fixed max-lg:inset-x-0 max-lg:bottom-13 max-lg:max-h-[60dvh] max-lg:rounded-t-lg max-lg:border-t max-lg:shadow-pop lg:absolute lg:inset-y-0 lg:right-0 lg:w-88 lg:rounded-r-lg lg:border-l"
    >
      <header className="sticky top-0 z-10 flex items-center gap-2 border-b border-line bg-surface py-2 pr-2 pl-4">
        <h2 className="min-w-0 text-md font-semibold break-words">{title}</h2>
        {onUnpin !== null && (
          <Button size="sm" className="ml-auto" onClick={onUnpin}>
            Unpin
          </Button>
        )}
        <Button
          variant="ghost"
          size="icon"
          className={cn("shrink-0", onUnpin === null && "ml-auto")}
          aria-label="Close details"
          onClick={onClose}
        >
          <X aria-hidden />
        </Button>
      </header>
      <div className="live flex flex-col gap-4 p-4">
        <Content selection={selection} {...props} />
      </div>
    </aside>
  );
}

function Content({ selection, ...props }: PanelProps & { selection: Selection }) {
  switch (selection.kind) {
    case "node":
      return <NodePanel key={selection.node.id} node={selection.node} {...props} />;
    case "part":
      return <PartPanel {...selection} {...props} />;
    case "edge":
      return <EdgePanel key={selection.edge.id} edge={selection.edge} {...props} />;
    case "group":
      return <GroupPanel key={selection.group.id} group={selection.group} {...props} />;
    case "gateway":
      return <GatewayPanel {...selection} {...props} />;
    case "calls":
      return (
        <>
          <FiguresList figures={mergeFigures(selection.edges.map(figuresOf))} merged />
          <DetailSection title={`Calls (${selection.edges.length.toString()})`}>
            <CallList edges={selection.edges} end="both" onSelect={props.onSelect} />
          </DetailSection>
        </>
      );
  }
}
