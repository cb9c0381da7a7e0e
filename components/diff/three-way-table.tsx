"use client";

import { Pencil } from "lucide-react";
import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { ScrollSideways } from "../ui/scroll-sideways.tsx";
import { showValue } from "./diff-values.ts";
import { plainText } from "./plain-text.ts";
import { SIDES, threeWay, type Side, type Sides } from "./three-way.ts";

interface ThreeWayTableProps {
  readonly caption: string;
  readonly sides: Sides;
  /** Under each column's name: which revision, or why there is nothing. */
  readonly notes: Readonly<Record<Side, string>>;
}

const HEADINGS: Readonly<Record<Side, string>> = {
  database: "Database",
  published: "Published last",
  found: "Found in ZooKeeper",
};

/** Three states of one object, member by member; what differs from what was published is marked, by shape too. */
export function ThreeWayTable({ caption, sides, notes }: ThreeWayTableProps) {
  const [all, setAll] = useState(false);
  const rows = threeWay(sides);
  const differing = rows.filter(({ changed }) => changed.length > 0);
  const alike = rows.length - differing.length;
  const shown = all ? rows : differing;
  return (
    <div className="rounded border border-line bg-surface">
      <ScrollSideways label={caption}>
        <table className="w-full min-w-160 table-fixed border-collapse text-left text-sm">
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr className="[&>th]:border-b [&>th]:border-line [&>th]:px-2 [&>th]:py-1 [&>th]:align-top [&>th]:font-medium">
              <th scope="col" className="w-1/4 text-ink-3">
                Member
              </th>
              {SIDES.map((side) => (
                <th key={side} scope="col">
                  {HEADINGS[side]}
                  <div className="font-normal text-ink-3">{notes[side]}</div>
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="font-mono">
            {shown.length === 0 && (
              <tr>
                <td colSpan={4} className="px-2 py-2 font-sans text-ink-3">
                  {rows.length === 0 ? "None of the three holds anything." : "No member differs."}
                </td>
              </tr>
            )}
            {shown.map(({ path, values, changed }) => (
              <tr
                key={path}
                className="border-b border-line last:border-b-0 [&>*]:px-2 [&>*]:py-1 [&>*]:align-top [&>*]:break-words"
              >
                <th scope="row" className="text-left font-normal text-ink-2">
                  {path === "" ? "value" : plainText(path)}
                </th>
                {SIDES.map((side) => (
                  <Cell key={side} value={values[side]} changed={changed.includes(side)} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollSideways>
      {alike > 0 && (
        <div className="flex items-center gap-2 border-t border-line px-2 py-1 text-sm text-ink-3">
          {alike === 1 ? "1 member is the same in all three." : `${alike.toString()} members are the same in all three.`}
          <Button
            size="sm"
            variant="ghost"
            aria-expanded={all}
            onClick={() => {
              setAll(!all);
            }}
          >
            {all ? "Hide" : "Show"}
          </Button>
        </div>
      )}
    </div>
  );
}

function Cell({ value, changed }: { value: unknown; changed: boolean }) {
  return (
    <td className={cn(changed && "bg-warn-tint")}>
      {changed && <Pencil role="img" aria-label="differs" className="mr-1 inline size-3 text-warn" />}
      <bdi>{showValue(value)}</bdi>
    </td>
  );
}
