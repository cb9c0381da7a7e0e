"use client";

import { Popover } from "@base-ui/react/popover";
import { CircleHelp } from "lucide-react";
import { FIELD_NAMES, FIELDS } from "./fields.ts";

const EXAMPLES = [
  { text: "service = pay* and (error > 1% or breaker = open)", about: "Payment services in trouble" },
  { text: "p95 > 500ms", about: "Slow services and calls" },
  { text: "from = storefront and not idle", about: "What the storefront calls" },
  { text: "health = failing or override", about: "Failing, or held by a person" },
  { text: "share > 50%", about: "Calls that most of a caller's traffic takes" },
];

/** The language of the fields on one page, with examples to try. */
export function QueryHelp({ onTry }: { onTry: (text: string) => void }) {
  return (
    <Popover.Root>
      <Popover.Trigger
        aria-label="Help on queries"
        className="flex size-6 items-center justify-center rounded text-ink-3 hover:bg-hover hover:text-ink"
      >
        <CircleHelp aria-hidden className="size-4" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner side="bottom" align="end" sideOffset={6} className="z-40">
          <Popover.Popup className="max-h-[70dvh] w-[min(30rem,calc(100vw-32px))] overflow-y-auto rounded-md border border-line bg-surface p-4 shadow-pop outline-none">
            <Popover.Title className="text-md font-semibold">Find and hide</Popover.Title>
            <Popover.Description className="mt-1 text-ink-2">
              A word finds names that contain it. Compare fields by = != ~ (contains) &gt; &gt;= &lt; &lt;=, and join
              with and, or, not and brackets; * stands for any characters.
            </Popover.Description>
            <h3 className="mt-3 mb-1 text-sm font-medium text-ink-3">Examples</h3>
            <ul className="flex flex-col gap-1">
              {EXAMPLES.map(({ text, about }) => (
                <li key={text} className="flex flex-wrap items-baseline gap-x-2">
                  <Popover.Close
                    className="text-left font-mono text-sm text-accent hover:underline"
                    onClick={() => {
                      onTry(text);
                    }}
                  >
                    {text}
                  </Popover.Close>
                  <span className="text-sm text-ink-3">{about}</span>
                </li>
              ))}
            </ul>
            <h3 className="mt-3 mb-1 text-sm font-medium text-ink-3">Fields</h3>
            <dl className="grid grid-cols-[6rem_minmax(0,1fr)] gap-x-3 gap-y-0.5">
              {FIELD_NAMES.map((name) => (
                <div key={name} className="contents">
                  <dt className="font-mono text-sm leading-5">{name}</dt>
                  <dd className="text-ink-2">
                    {FIELDS[name].about}
                    {FIELDS[name].values !== null && FIELDS[name].type === "text" && (
                      <span className="text-ink-3">: {FIELDS[name].values.join(", ")}</span>
                    )}
                  </dd>
                </div>
              ))}
            </dl>
            <p className="mt-3 text-sm text-ink-3">
              Tab completes, Enter walks through what was found, Shift+Enter back. A comparison with a figure that an
              element does not have is never true.
            </p>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
