import type { BreakerTarget } from "#domain/breaker-policy.ts";

/** What a breaker page is about: `checkout->payments` (a command) or `service:payments`; null when it is neither. */
export function parseBreakerKey(key: string): BreakerTarget | null {
  const service = /^service:(.+)$/.exec(key)?.[1];
  if (service !== undefined) return { kind: "service", service };
  const arrow = key.indexOf("->");
  if (arrow <= 0 || arrow + 2 >= key.length) return null;
  return { kind: "command", routeId: key.slice(0, arrow), service: key.slice(arrow + 2) };
}
