import type { HeaderChanges } from "#domain/route-actions.ts";
import { headerValue } from "./preview-request.ts";
import type { ReadRequest } from "./read-request.ts";
import type { ExplainedCandidate } from "./simulate.ts";

interface HeaderPreviewProps {
  readonly changes: HeaderChanges;
  readonly routeId: string;
  readonly match: ExplainedCandidate["match"];
  readonly request: ReadRequest;
}

/** What is done to headers, with values filled in as far as the request says them. */
export function HeaderPreview({ changes, routeId, match, request }: HeaderPreviewProps) {
  const { remove, set, add } = changes;
  if (remove.length + set.length + add.length === 0) return <span className="text-ink-3">as they are</span>;
  const written = [
    ...set.map((field) => ({ ...field, verb: "set" })),
    ...add.map((field) => ({ ...field, verb: "add" })),
  ];
  return (
    <ul className="flex flex-col gap-0.5">
      {remove.map((name) => (
        <li key={`remove ${name}`}>
          remove <code className="font-mono text-sm">{name}</code>
        </li>
      ))}
      {written.map(({ name, value, verb }, at) => (
        <li key={`${verb} ${at.toString()}`}>
          {verb}{" "}
          <code className="font-mono text-sm">
            {name}: {headerValue(value, routeId, match, request)}
          </code>
        </li>
      ))}
    </ul>
  );
}
