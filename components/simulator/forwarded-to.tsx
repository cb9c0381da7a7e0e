import type { RouteSpec } from "#domain/route.ts";
import { formatRatio } from "../format/number.ts";
import { keyInWords } from "../routes/sections/section-words.ts";
import { shadeOf, WeightBar } from "../routes/weight-bar.tsx";
import { destinationShares, stickyAnswer, type StickyAnswer } from "./destination-shares.ts";
import type { ReadRequest } from "./read-request.ts";

/** Destinations with their shares, and which it is where the request's own key decides. */
export function ForwardedTo({ spec, request }: { spec: RouteSpec; request: ReadRequest }) {
  const shares = destinationShares(spec);
  const sticky = spec.sticky === null ? null : stickyAnswer(spec, spec.sticky, request);
  return (
    <div className="flex max-w-md flex-col gap-1">
      {shares.map(({ name, share }, at) => (
        <div key={name} className="flex items-center gap-2">
          <span aria-hidden className="size-2 rounded-xs" style={{ background: shadeOf(at) }} />
          <span className={sticky?.kind === "goes-to" && sticky.name === name ? "font-medium" : ""}>{name}</span>
          <span className="ml-auto text-ink-2">{formatRatio(share)}</span>
        </div>
      ))}
      {shares.length > 1 && <WeightBar destinations={shares} />}
      {spec.sticky !== null && sticky !== null && (
        <p className="text-sm text-ink-2">{stickyInWords(sticky, keyInWords(spec.sticky))}</p>
      )}
    </div>
  );
}

function stickyInWords(sticky: StickyAnswer, key: string): string {
  switch (sticky.kind) {
    case "goes-to":
      return `Sticky by ${key}: “${sticky.key}” always goes to ${sticky.name}, as long as weights stay.`;
    case "no-key":
      return `Sticky by ${key}, which this request does not have: destinations take turns.`;
    case "unknown":
      return `Sticky by ${key}: which destination it is shows when the request is made.`;
  }
}
