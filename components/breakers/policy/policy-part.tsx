import type { ReactNode } from "react";

interface PolicyPartProps {
  readonly title: string;
  /** What the settings of this part come to, as one sentence. */
  readonly says?: string;
  /** The settings most people look at. */
  readonly children: ReactNode;
  /** Closed sections with the rest. */
  readonly more?: ReactNode;
}

/** One concern of the policy: its basics in view, the rest in sections below. */
export function PolicyPart({ title, says, children, more }: PolicyPartProps) {
  return (
    <section aria-label={title} className="flex flex-col gap-3 border-t border-line pt-4 first:border-t-0 first:pt-0">
      <div>
        <h3 className="text-md font-semibold">{title}</h3>
        {says !== undefined && <p className="text-ink-2">{says}</p>}
      </div>
      {children}
      {more !== undefined && <div className="overflow-hidden rounded-md border border-line">{more}</div>}
    </section>
  );
}
