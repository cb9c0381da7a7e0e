import type { ReactNode } from "react";

interface PageHeaderProps {
  readonly title: string;
  /** Path back, e.g. a link to the list. */
  readonly above?: ReactNode;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
}

/** Top of every page: its one `h1`, a line of facts, and the actions at the right. */
export function PageHeader({ title, above, note, actions }: PageHeaderProps) {
  return (
    <header className="mb-4 flex flex-wrap items-end gap-x-4 gap-y-2">
      <div className="min-w-0">
        {above !== undefined && <div className="mb-0.5 text-sm text-ink-3">{above}</div>}
        <h1 className="text-xl font-semibold break-words">{title}</h1>
        {note !== undefined && <div className="text-base text-ink-3">{note}</div>}
      </div>
      {actions !== undefined && <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
