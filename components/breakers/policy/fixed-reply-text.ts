interface FixedReplyInput {
  readonly status?: number | undefined;
  readonly contentType?: string | undefined;
  readonly body?: string | undefined;
}

interface FixedReplyText {
  readonly head: string;
  /** JSON is laid out; anything else is as it stands. */
  readonly body: string;
  /** What will probably trip callers up; null when nothing does. */
  readonly remark: string | null;
}

/** A fixed reply as text, and what looks wrong with it. */
export function fixedReplyPreview(reply: FixedReplyInput): FixedReplyText {
  const { status = 200, contentType = "application/json", body = "" } = reply;
  const head = `HTTP ${Number.isFinite(status) ? status.toString() : "…"}\ncontent-type: ${contentType}\nx-mesh-fallback: fixed;reason=…`;
  if (!/[/+]json\b/i.test(contentType)) return { head, body, remark: null };
  if (body.trim() === "")
    return { head, body, remark: "The body is empty, which is no JSON: callers that read it as JSON fail." };
  try {
    return { head, body: JSON.stringify(JSON.parse(body), null, 2), remark: null };
  } catch {
    return { head, body, remark: "The body is no JSON, although the content type says so." };
  }
}
