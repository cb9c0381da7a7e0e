import type { RequestKey } from "#domain/route-actions.ts";
import type { Exchange } from "./exchange.ts";

/**
 * What a request is told apart by, or null when it does not have it. Several fields of one name are read as one, joined
 * by commas (RFC 9110 §5.3); of several cookies or parameters the first counts.
 */
export function readKey({ arrival, head }: Pick<Exchange, "arrival" | "head">, key: RequestKey): string | null {
  switch (key.kind) {
    case "address":
      return arrival.remoteAddress;
    case "caller":
      return arrival.caller;
    case "header":
      return field(head.headers, key.name);
    case "cookie":
      return cookie(field(head.headers, "cookie"), key.name);
    case "query":
      return head.search === "" ? null : new URLSearchParams(head.search).get(key.name);
  }
}

function field(headers: readonly string[], name: string): string | null {
  let value: string | null = null;
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index] !== name) continue;
    value = value === null ? (headers[index + 1] ?? "") : `${value}, ${headers[index + 1] ?? ""}`;
  }
  return value;
}

function cookie(pairs: string | null, name: string): string | null {
  for (const pair of pairs?.split(/;\s*|,\s+/) ?? []) {
    if (pair.startsWith(`${name}=`)) return pair.slice(name.length + 1);
  }
  return null;
}
