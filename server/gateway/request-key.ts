import type { RequestKey } from "#domain/route-actions.ts";
import type { Exchange } from "./exchange.ts";
import { RequestView } from "./request-view.ts";

/**
 * What a request is told apart by, or null when it does not have it. Several fields of one name are read as one, joined
 * by commas (RFC 9110 §5.3); of several cookies or parameters the first counts. Read as routes read it.
 */
export function readKey(exchange: Pick<Exchange, "arrival" | "head">, key: RequestKey): string | null {
  switch (key.kind) {
    case "address":
      return exchange.arrival.remoteAddress;
    case "caller":
      return exchange.arrival.caller;
    case "header":
      return new RequestView(exchange).header(key.name) ?? null;
    case "cookie":
      return new RequestView(exchange).cookie(key.name) ?? null;
    case "query":
      return new RequestView(exchange).query(key.name) ?? null;
  }
}
