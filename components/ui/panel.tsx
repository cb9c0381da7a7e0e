import type { ReactNode } from "react";
import { cn } from "./cn.ts";

interface PanelProps {
  readonly title?: string;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  readonly className?: string;
  /** False when the content brings its own edges, as tables do. */
  readonly padded?: boolean;
  readonly children: ReactNode;
}

/** A titled white area: the unit pages are made of. */
export function Panel({ title, note, actions, className, padded = true, children }: PanelProps) {
  return (
    <section aria-label={title} className={cn("min-w-0 rounded-lg border border-line bg-surface", className)}>
      {title !== undefined && (
        <header className="flex min-h-10 flex-wrap items-center gap-x-2 gap-y-1 border-b border-line px-4 py-1.5">
          <h2 className="text-md font-semibold">{title}</h2>
          {note !== undefined && <div className="text-sm text-ink-3">{note}</div>}
          {actions !== undefined && <div className="ml-auto flex items-center gap-2">{actions}</div>}
        </header>
      )}
      <div className={padded ? "p-4" : ""}>{children}</div>
    </section>
  );
}
