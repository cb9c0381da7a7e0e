import type { LivePicture } from "#domain/live.ts";

/** A gateway closes a window a second: after this long without one, what it said last is called old, ms. */
const OLD_AFTER_MS = 2000;

/** A gateway that tells nothing now, and when it last did (Unix epoch ms by the console's clock). */
export interface SilentGateway {
  readonly id: string;
  readonly sinceMs: number;
}

/** Gateways whose breakers are shown as last seen. */
export function silentGateways({ gateways, atMs }: Pick<LivePicture, "gateways" | "atMs">): readonly SilentGateway[] {
  return gateways
    .filter(({ lastWindowAtMs }) => lastWindowAtMs > 0 && atMs - lastWindowAtMs > OLD_AFTER_MS)
    .map(({ id, lastWindowAtMs }) => ({ id, sinceMs: lastWindowAtMs }));
}
