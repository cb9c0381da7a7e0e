import { setTimeout as sleep } from "node:timers/promises";
import { meshCaller } from "./mesh-call.ts";
import { SHOP_HOST } from "./shop-map.ts";

const ASK_EVERY_MS = 100;

/**
 * Resolves when the shop is registered and a gateway serves its page, or after `patienceMs`: visitors who come before would
 * make the first figures of every mesh look like an outage.
 * @returns whether it is served.
 */
export async function awaitShop(
  edge: { host: string; port: number },
  registered: Promise<void>,
  patienceMs: number,
): Promise<boolean> {
  const deadlineMs = performance.now() + patienceMs;
  // Asked before, a gateway would count the question as a call that failed.
  await Promise.race([registered, sleep(patienceMs, undefined, { ref: false })]);
  const caller = meshCaller(edge);
  try {
    for (let asked = 1; performance.now() < deadlineMs; asked += 1) {
      const call = { method: "GET", path: "/", host: SHOP_HOST, requestId: `opening-${asked.toString()}` } as const;
      if ((await caller.call(call)).status === 200) return true;
      await sleep(ASK_EVERY_MS);
    }
    return false;
  } finally {
    caller.close();
  }
}
