import type { Fallback } from "#domain/breaker-policy.ts";
import { formatSetting } from "../format/time.ts";
import { destinationName } from "#domain/destination-name.ts";

/** `payments-backup version=1`, `last good reply (up to 1 min old)`, `fixed reply 200`. */
export function fallbackInWords(fallback: Fallback): string {
  switch (fallback.kind) {
    case "service":
      return destinationName(fallback);
    case "last-good":
      return `last good reply (up to ${formatSetting(fallback.maxAgeMs)} old)`;
    case "fixed":
      return `fixed reply ${fallback.status.toString()}`;
  }
}
