import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { SHOP_HOST } from "../demo/shop-map.ts";
import type { Report } from "./report.ts";
import type { Stack } from "./stack.ts";

/** How long the first answer of the shop may take: instances must be seen, routes published and applied. */
const SHOP_PATIENCE_MS = 30_000;

/** Waits until the demo answers through the gateway, then prints where everything is and how to sign in. */
export async function tellWelcome(stack: Stack, report: Report, signal: AbortSignal): Promise<void> {
  if (!stack.settings.NO_DEMO) await awaitShop(stack, report, signal);
  if (signal.aborted) return;
  const { urls, signInLink, settings } = stack;
  const port = new URL(urls.edge).port;
  const lines = [
    "",
    `  Console   ${urls.console}`,
    `  Gateway   ${urls.edge}`,
    ...(settings.NO_DEMO
      ? []
      : [
          `            try: curl -i http://${SHOP_HOST}:${port}/`,
          "            trouble on purpose: npm run demo -- break payments",
        ]),
    `  Logs      ${settings.DATA_DIR}/logs`,
    "",
    ...(signInLink === null
      ? ["  Sign in with the account you made. A way in for whoever lost theirs: npm run sign-in-link"]
      : ["  Sign in for the first time with this link; it works once and makes you administrator:", `  ${signInLink}`]),
    "",
    "  Ctrl-C stops everything.",
    "",
  ];
  for (const line of lines) report.line(line);
}

async function awaitShop(stack: Stack, report: Report, signal: AbortSignal): Promise<void> {
  await report.step("shop answers through the gateway", async (note) => {
    const deadlineMs = performance.now() + SHOP_PATIENCE_MS;
    let status = await shopStatus(stack.urls.edge);
    while (status !== 200 && performance.now() < deadlineMs && !signal.aborted) {
      await sleep(100);
      status = await shopStatus(stack.urls.edge);
    }
    if (status !== 200)
      note(`not yet (${status === 0 ? "no answer" : `status ${status}`}); see ${stack.settings.DATA_DIR}/logs`);
  });
}

/** Status of the shop's home page at the edge; 0 when there is no answer. */
function shopStatus(edge: string): Promise<number> {
  return new Promise((resolve) => {
    const outgoing = request(edge, { headers: { host: SHOP_HOST }, timeout: 2000 }, (incoming) => {
      incoming.resume();
      resolve(incoming.statusCode ?? 0);
    });
    outgoing.once("timeout", () => outgoing.destroy());
    outgoing.once("error", () => resolve(0));
    outgoing.end();
  });
}
