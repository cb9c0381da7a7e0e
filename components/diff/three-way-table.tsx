"use client";

import { Pencil } from "lucide-react";
import { Fragment, useState } from "react";
import { isSameValue } from "#domain/same-value.ts";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { ScrollSideways } from "../ui/scroll-sideways.tsx";
import { showValue } from "./diff-values.ts";
import { plainText } from "./plain-text.ts";
import { SIDES, threeWay, type Side, type Sides, type ThreeWayRow } from "./three-way.ts";

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

const SHORT_HEADINGS: Readonly<Record<Side, string>> = { database: "Database", published: "Published", found: "Found" };

/** Three states of one object, member by member; what differs from what was published is marked, by shape too. */
export function ThreeWayTable({ caption, sides, notes }: ThreeWayTableProps) {
  const [all, setAll] = useState(false);
  const rows = threeWay(sides);
  // Of a node that is gone every member differs; the sentence says it better than as many rows.
  const isGone = (sides.found ?? null) === null && rows.length > 0 && isSameValue(sides.database, sides.published);
  const differing = isGone ? [] : rows.filter(({ changed }) => changed.length > 0);
  const alike = rows.length - differing.length;
  const none = isGone
    ? "Nothing is found any more. The database still holds what was published last."
    : rows.length === 0
      ? "None of the three holds anything."
      : "No member differs.";
  const shown = all ? rows : differing;
  return (
    <div className="rounded border border-line bg-surface">
      <StackedRows caption={caption} rows={shown} notes={notes} none={none} />
      <ScrollSideways label={caption}>
        <table className="max-sm:hidden w-full min-w-160 table-fixed border-collapse text-left text-sm">
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
                  {none}
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
          {isGone
            ? `${rows.length.toString()} members were published.`
            : alike === 1
              ? "1 member is the same in all three."
              : `${alike.toString()} members are the same in all three.`}
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

/** The same on a phone, where three columns do not fit: one member below the other. */
function StackedRows(props: {
  caption: string;
  rows: readonly ThreeWayRow[];
  notes: ThreeWayTableProps["notes"];
  /** What to say without a row. */
  none: string;
}) {
  const { caption, rows, notes, none } = props;
  return (
    <div role="group" aria-label={caption} className="text-sm sm:hidden">
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 border-b border-line px-2 py-1">
        {SIDES.map((side) => (
          <Fragment key={side}>
            <dt className="font-medium">{HEADINGS[side]}</dt>
            <dd className="text-ink-3">{notes[side]}</dd>
          </Fragment>
        ))}
      </dl>
      {rows.length === 0 && <p className="px-2 py-2 text-ink-3">{none}</p>}
      {rows.map(({ path, values, changed }) => (
        <div key={path} className="border-b border-line py-1 last:border-b-0">
          <p className="px-2 font-mono break-words text-ink-2">{path === "" ? "value" : plainText(path)}</p>
          <dl>
            {SIDES.map((side) => (
              <div key={side} className={cn("flex gap-2 px-2", changed.includes(side) && "bg-warn-tint")}>
                <dt className="w-24 shrink-0 text-ink-3">{SHORT_HEADINGS[side]}</dt>
                <dd className="min-w-0 font-mono break-words">
                  <Value value={values[side]} changed={changed.includes(side)} />
                </dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
    </div>
  );
}

function Value({ value, changed }: { value: unknown; changed: boolean }) {
  return (
    <>
      {changed && <Pencil role="img" aria-label="differs" className="mr-1 inline size-3 text-warn" />}
      <bdi>{showValue(value)}</bdi>
    </>
  );
}

function Cell({ value, changed }: { value: unknown; changed: boolean }) {
  return (
    <td className={cn(changed && "bg-warn-tint")}>
      <Value value={value} changed={changed} />
    </td>
  );
}
