import { fixedReplyPreview } from "./fixed-reply-text.ts";
import type { PolicyFormInput } from "./policy-form-input.ts";

type FixedInput = Extract<NonNullable<PolicyFormInput["fallbacks"]>[number], { kind: "fixed" }>;

/** The reply as callers get it. */
export function FixedReplyPreview({ reply }: { reply: FixedInput }) {
  const { head, body, remark } = fixedReplyPreview(reply);
  return (
    <figure className="flex min-w-0 flex-col gap-1">
      <figcaption className="text-sm font-medium text-ink-2">What callers get</figcaption>
      <pre
        // A long body scrolls, and must do so without a mouse.
        tabIndex={0}
        role="group"
        aria-label="Preview of the fixed reply"
        className="max-h-40 min-h-16 overflow-auto rounded-md border border-line bg-sunken px-2 py-1.5 font-mono text-sm whitespace-pre-wrap break-all"
      >
        <span className="text-ink-3">{head}</span>
        {body !== "" && `\n\n${body}`}
      </pre>
      {remark !== null && <p className="text-sm text-warn">{remark}</p>}
    </figure>
  );
}
