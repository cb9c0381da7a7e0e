"use client";

import { useState } from "react";
import { formatMoment } from "../format/time.ts";
import { ShowAllButton } from "../ui/show-all-button.tsx";
import { Table, Td, Th, Tr } from "../ui/table.tsx";
import { METRICS } from "./metrics.ts";
import { figure } from "./read-out.tsx";
import type { SignalFrame } from "./signal-frame.ts";

const FIRST = 60;

interface SignalTableProps {
  readonly frame: SignalFrame;
  readonly hidden: ReadonlySet<string>;
  readonly caption: string;
}

/** The same figures to be read, newest first: a row for each moment and line. */
export function SignalTable({ frame, hidden, caption }: SignalTableProps) {
  const [all, setAll] = useState(false);
  const lines = frame.lines.filter(({ name }) => !hidden.has(name));
  const rows = frame.times
    .flatMap((atMs, at) =>
      lines.flatMap(({ name, points }) => {
        const point = points[at];
        return point === null || point === undefined ? [] : [{ atMs, name, point }];
      }),
    )
    .toReversed();
  return (
    <>
      <Table caption={caption}>
        <thead>
          <tr>
            <Th>From</Th>
            <Th>Line</Th>
            {METRICS.map(({ key, name }) => (
              <Th key={key} className="text-right">
                {name}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {(all ? rows : rows.slice(0, FIRST)).map(({ atMs, name, point }) => (
            <Tr key={`${atMs.toString()} ${name}`}>
              <Td className="py-1 whitespace-nowrap tabular-nums">{formatMoment(atMs, frame.toMs)}</Td>
              <Td className="py-1 break-words">{name}</Td>
              {METRICS.map((metric) => (
                <Td key={metric.key} className="py-1 text-right whitespace-nowrap tabular-nums">
                  {figure(metric, point)}
                </Td>
              ))}
            </Tr>
          ))}
        </tbody>
      </Table>
      {rows.length > FIRST && <ShowAllButton count={rows.length} all={all} onChange={setAll} />}
    </>
  );
}
