"use client";

import { TriangleAlert } from "lucide-react";
import { useState } from "react";
import type { UnreadableInstance } from "#domain/instance.ts";
import { plainText } from "../diff/plain-text.ts";
import { Panel } from "../ui/panel.tsx";
import { ShowAllButton } from "../ui/show-all-button.tsx";

/** Shown at first: a flood may be of thousands. */
const SHOWN = 50;

/** Entries of one service that cannot be read, and why. */
export function UnreadableEntries({ entries }: { entries: readonly UnreadableInstance[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? entries : entries.slice(0, SHOWN);
  return (
    <div id="unreadable" className="scroll-mt-24">
      <Panel
        title="Unreadable entries"
        note={`${entries.length.toLocaleString("en")}; what cannot be read is not used for traffic`}
        padded={false}
      >
        <ul className="flex flex-col gap-2 p-3" aria-label="Unreadable entries">
          {shown.map(({ id, problem }, at) => (
            <li key={at} className="flex gap-2">
              <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
              <div className="min-w-0">
                <bdi className="font-mono text-sm [overflow-wrap:anywhere]">
                  {id === "" ? "The service's own folder" : plainText(id)}
                </bdi>
                <div className="text-ink-2">
                  <bdi className="[overflow-wrap:anywhere]">{plainText(problem)}</bdi>
                </div>
              </div>
            </li>
          ))}
        </ul>
        {entries.length > SHOWN && <ShowAllButton count={entries.length} all={all} onChange={setAll} />}
      </Panel>
    </div>
  );
}
