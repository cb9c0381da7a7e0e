import { ArrowDown, ArrowUp } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn.ts";
import { ScrollSideways } from "./scroll-sideways.tsx";
import type { Sorting } from "./use-sorted.ts";

/**
 * A table that scrolls sideways by itself when the page is too narrow. Its caption is its name. It is the place that words
 * for screen readers are positioned in: else those in its hidden part would widen the page.
 */
export function Table({ caption, children }: { caption: string; children: ReactNode }) {
  return (
    <ScrollSideways label={caption}>
      <table className="w-full border-collapse text-left">
        <caption className="sr-only">{caption}</caption>
        {children}
      </table>
    </ScrollSideways>
  );
}

const CELL = "px-3 first:pl-4 last:pr-4";

export function Th({ className, children, ...rest }: ComponentProps<"th">) {
  return (
    <th
      scope="col"
      className={cn(CELL, "h-8 border-b border-line text-sm font-medium whitespace-nowrap text-ink-3", className)}
      {...rest}
    >
      {children}
    </th>
  );
}

interface SortableThProps<Key extends string> {
  readonly column: Key;
  readonly sorting: Sorting<Key>;
  /** Figures stand at the right, and so does their heading. */
  readonly numeric?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Heading of a column that can be sorted by; pressing it again turns the order round. */
export function SortableTh<Key extends string>({
  column,
  sorting,
  numeric = false,
  className,
  children,
}: SortableThProps<Key>) {
  const active = sorting.column === column;
  const Arrow = sorting.descending ? ArrowDown : ArrowUp;
  return (
    <Th
      className={cn(numeric && "text-right", className)}
      aria-sort={active ? (sorting.descending ? "descending" : "ascending") : "none"}
    >
      <button
        type="button"
        className={cn(
          "inline-flex items-center gap-1 rounded align-middle hover:text-ink",
          numeric && "flex-row-reverse",
          active && "text-ink",
        )}
        onClick={() => {
          sorting.sortBy(column);
        }}
      >
        {children}
        <Arrow aria-hidden className={cn("size-3", !active && "invisible")} />
      </button>
    </Th>
  );
}

export function Tr({ className, ...rest }: ComponentProps<"tr">) {
  return <tr className={cn("border-b border-line last:border-b-0 hover:bg-sunken", className)} {...rest} />;
}

export function Td({ className, ...rest }: ComponentProps<"td">) {
  return <td className={cn(CELL, "py-2 align-middle", className)} {...rest} />;
}
