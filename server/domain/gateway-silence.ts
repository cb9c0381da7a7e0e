import type { GatewayStatus } from "./live.ts";

/** A gateway that has been quiet for longer than this is called silent, ms: it sends a window every second. */
const SILENT_AFTER_MS = 4000;

/** Since when nothing has come from it, Unix epoch, ms; null while it is heard. `atMs` is when its state was put together. */
export function silentSinceMs(gateway: Pick<GatewayStatus, "lastWindowAtMs" | "stream">, atMs: number): number | null {
  const heardMs = gateway.lastWindowAtMs > 0 ? gateway.lastWindowAtMs : gateway.stream.sinceMs;
  return atMs - heardMs > SILENT_AFTER_MS ? heardMs : null;
}
