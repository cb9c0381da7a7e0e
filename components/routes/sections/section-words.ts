import type { RETRY_REASONS, RequestKey } from "#domain/route-actions.ts";
import { DEFAULT_RETRY } from "#domain/route-actions.ts";
import { SIZE_UNITS, splitQuantity } from "../../ui/quantity.ts";
import { percentInWords, plural, said, timeInWords, unset, type SectionWords } from "../../ui/section-words.ts";
import { destinationName } from "#domain/destination-name.ts";
import type { DraftSpec } from "../route-form-schema.ts";

const size = (bytes: number): string => {
  const { text, unit } = splitQuantity(bytes, SIZE_UNITS);
  return `${text} ${unit}`;
};
export function timeoutsInWords(spec: Pick<DraftSpec, "timeoutMs" | "idleTimeoutMs" | "maxBodyBytes">): SectionWords {
  const { timeoutMs, idleTimeoutMs, maxBodyBytes = null } = spec;
  const body = maxBodyBytes === null ? "any body" : `bodies up to ${size(maxBodyBytes)}`;
  return {
    summary: `${timeInWords(timeoutMs)} for all of it, ${timeInWords(idleTimeoutMs)} idle, ${body}`,
    set: timeoutMs !== 15_000 || idleTimeoutMs !== 60_000 || maxBodyBytes !== null,
  };
}

/** What is tried again, as it follows "on". */
export const RETRY_WORDS: Readonly<Record<(typeof RETRY_REASONS)[number], string>> = {
  "connect-failure": "connect failure",
  reset: "reset before an answer",
  status: "status",
};

export function retriesInWords(retry: DraftSpec["retry"]): SectionWords {
  if (retry == null) return { summary: "No retries", set: true };
  const { retries, on, statuses, perTryTimeoutMs, budgetPercent, anyMethod } = retry;
  const reasons = (on ?? []).map((reason) =>
    reason === "status" ? `${RETRY_WORDS.status} ${(statuses ?? []).join(" ")}` : RETRY_WORDS[reason],
  );
  const words = said(
    `${plural(retries ?? 1, "more try", "more tries")} on ${reasons.length === 0 ? "nothing" : reasons.join(" or ")}`,
    perTryTimeoutMs != null && `${timeInWords(perTryTimeoutMs)} each`,
    `at most ${percentInWords(budgetPercent ?? 20)} of requests`,
    anyMethod === true && (on ?? []).some((reason) => reason !== "connect-failure") && "any method",
  );
  return { ...words, set: JSON.stringify(retry) !== JSON.stringify({ ...retry, ...DEFAULT_RETRY }) };
}

export function rewriteInWords({
  rewriteHost,
  rewritePath,
}: Pick<DraftSpec, "rewriteHost" | "rewritePath">): SectionWords {
  if (rewriteHost == null && rewritePath == null) return unset("Host and path stay as they are");
  return said(
    rewriteHost != null && `host becomes ${rewriteHost}`,
    rewritePath != null &&
      `${rewritePath.kind === "full" ? "the path" : "the matched part"} becomes ${rewritePath.value}`,
  );
}

export function headersInWords(changes: DraftSpec["requestHeaders"]): SectionWords {
  const { set = [], add = [], remove = [] } = changes ?? {};
  if (set.length + add.length + remove.length === 0) return unset("No changes");
  const names = (fields: readonly { readonly name: string }[]): string =>
    fields.map(({ name }) => name || "…").join(", ");
  return said(
    remove.length > 0 && `remove ${remove.join(", ")}`,
    set.length > 0 && `set ${names(set)}`,
    add.length > 0 && `add ${names(add)}`,
  );
}

export function corsInWords(cors: DraftSpec["cors"]): SectionWords {
  if (cors == null) return unset("Pages of other origins may not call");
  const { origins, credentials } = cors;
  const from = origins.includes("*") ? "every origin" : origins.length === 0 ? "no origin yet" : origins.join(", ");
  return said(`pages of ${from}`, credentials === true && "with credentials");
}

/** A key as it follows "each" or "by". */
export function keyInWords(key: RequestKey): string {
  switch (key.kind) {
    case "address":
      return "client address";
    case "caller":
      return "calling service";
    case "header":
    case "cookie":
      return `${key.kind} ${key.name}`;
    case "query":
      return `query parameter ${key.name}`;
  }
}

export function rateLimitsInWords(limits: DraftSpec["rateLimits"]): SectionWords {
  if (limits === undefined || limits.length === 0) return unset("No rate limit");
  return said(
    ...limits.map(
      ({ requests, perMs, by }) =>
        `${requests.toString()} per ${timeInWords(perMs)}${by == null ? "" : ` for each ${keyInWords(by)}`}`,
    ),
  );
}

export function mirrorInWords(mirror: DraftSpec["mirror"]): SectionWords {
  if (mirror == null) return unset("No copies");
  return said(`${percentInWords(mirror.percent ?? 100)} copied to ${destinationName(mirror) || "…"}`);
}

export function faultsInWords(faults: DraftSpec["faults"]): SectionWords {
  if (faults == null) return unset("None");
  const { delay, abort, headers = [] } = faults;
  if (delay == null && abort == null) return said("switched on, but neither delay nor abort");
  return said(
    delay != null && `${percentInWords(delay.percent)} delayed by ${timeInWords(delay.ms)}`,
    abort != null && `${percentInWords(abort.percent)} aborted with ${abort.status.toString()}`,
    headers.length === 0 ? "for everybody" : `with ${plural(headers.length, "header condition")}`,
  );
}

const LISTENER_WORDS = { edge: "outside", egress: "services" } as const;

export function advancedInWords(
  spec: Pick<DraftSpec, "priority" | "pathOptIns" | "webSocket" | "listeners">,
): SectionWords {
  const { priority = 0, pathOptIns = [], webSocket = false, listeners = [] } = spec;
  const from = listeners.map((listener) => LISTENER_WORDS[listener]).join(" and ");
  return {
    ...said(
      `from ${from === "" ? "nowhere" : from}`,
      `priority ${priority.toString()}`,
      webSocket && "WebSocket",
      pathOptIns.length > 0 && `lets ${pathOptIns.join(", ")} through`,
    ),
    set: priority !== 0 || webSocket || pathOptIns.length > 0 || listeners.length < 2,
  };
}
