import { Minus, Pencil, Plus } from "lucide-react";
import { ScrollSideways } from "../ui/scroll-sideways.tsx";
import { showValue, type Difference } from "./diff-values.ts";

const KINDS = {
  added: { icon: Plus, word: "Added", tone: "text-good" },
  removed: { icon: Minus, word: "Removed", tone: "text-bad" },
  changed: { icon: Pencil, word: "Changed", tone: "text-warn" },
} as const;

interface DiffTableProps {
  readonly caption: string;
  readonly differences: readonly Difference[];
  readonly beforeHeading: string;
  readonly afterHeading: string;
}

/** Differences field by field, both values side by side. */
export function DiffTable({ caption, differences, beforeHeading, afterHeading }: DiffTableProps) {
  if (differences.length === 0) return <p className="text-ink-3">No field differs.</p>;
  return (
    <div className="rounded border border-line bg-surface">
      <ScrollSideways label={caption}>
        <table className="w-full border-collapse text-left text-sm">
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr className="text-ink-3 [&>th]:border-b [&>th]:border-line [&>th]:px-2 [&>th]:py-1 [&>th]:font-medium">
              <th scope="col">Field</th>
              <th scope="col">{beforeHeading}</th>
              <th scope="col">{afterHeading}</th>
            </tr>
          </thead>
          <tbody className="font-mono">
            {differences.map((difference) => {
              const kind = KINDS[difference.kind];
              return (
                <tr
                  key={difference.path}
                  className="border-b border-line last:border-b-0 [&>td]:min-w-40 [&>td]:px-2 [&>td]:py-1 [&>td]:align-top"
                >
                  <td className="whitespace-nowrap">
                    <kind.icon aria-label={kind.word} role="img" className={`mr-1.5 inline size-3 ${kind.tone}`} />
                    {difference.path === "" ? "value" : difference.path}
                  </td>
                  <td className="break-all text-ink-2">{showValue(difference.before)}</td>
                  <td className="break-all">{showValue(difference.after)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollSideways>
    </div>
  );
}
