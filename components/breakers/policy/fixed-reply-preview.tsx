import { Textarea } from "../../ui/input.tsx";
import { fixedReplyPreview } from "./fixed-reply-text.ts";
import type { PolicyFormInput } from "./policy-form-input.ts";

type FixedInput = Extract<NonNullable<PolicyFormInput["fallbacks"]>[number], { kind: "fixed" }>;

/** The reply as callers get it. */
export function FixedReplyPreview({ reply }: { reply: FixedInput }) {
  const { head, body, remark } = fixedReplyPreview(reply);
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <span aria-hidden className="text-sm font-medium text-ink-2">
        What callers get
      </span>
      <Textarea
        readOnly
        rows={5}
        aria-label="What callers get"
        className="flex-1 bg-sunken font-mono text-ink-2"
        value={body === "" ? head : `${head}\n\n${body}`}
      />
      {remark !== null && <p className="text-sm text-warn">{remark}</p>}
    </div>
  );
}
