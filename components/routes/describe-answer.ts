import type { Answer, PathRewrite } from "#domain/route-actions.ts";

function pathInWords(path: PathRewrite | null): string {
  if (path === null) return "{path}";
  return path.kind === "full" ? path.value : `${path.value}…`;
}

/** What the gateway says itself, in words: `302 to https://{host}/new`, `503, text/plain`. */
export function describeAnswer(answer: Answer): string {
  if (answer.kind === "fixed") return `${answer.status.toString()}, ${answer.contentType || "no content type"}`;
  const { status, scheme, host, port, path } = answer;
  const origin =
    scheme === null && host === null && port === null
      ? ""
      : `${scheme ?? "{scheme}"}://${host ?? "{host}"}${port === null ? "" : `:${port.toString()}`}`;
  return `${status.toString()} to ${origin}${pathInWords(path)}`;
}
