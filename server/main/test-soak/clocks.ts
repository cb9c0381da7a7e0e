import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "#zookeeper/test-harness.ts";
import { listPolicies } from "#db/policy-repository.ts";
import type { Lane } from "./lane.ts";
import type { Setting } from "./setting.ts";

const HOUR_MS = 3_600_000;
const JUMPS_MS = [HOUR_MS, -HOUR_MS, 5000, -5000] as const;
const AT_ONCE = 2;

/** Wall clocks that somebody sets, forwards or backwards; each process has its own. */
export const CLOCK_JUMPS: readonly ((setting: Setting) => Promise<void>)[] = [
  consoleUnderEdits,
  gatewayUnderEdits,
  forwardsDuringAnOverride,
  backwardsDuringAnOverride,
  leadersDisagree,
];

/** While it saves, publishes and does its chores; the clock stays where it was set. */
async function consoleUnderEdits({ lane, leader }: Setting): Promise<void> {
  const edits = lane.editor.edits(() => leader, AT_ONCE);
  await sleep(lane.random.below(200));
  const aheadMs = jump(lane);
  await leader.setClock(aheadMs);
  await sleep(lane.random.below(1500));
  await edits.stop();
  await lane.check(`the console's clock was set by ${aheadMs} ms`, [leader]);
}

async function gatewayUnderEdits({ lane, leader }: Setting): Promise<void> {
  const edits = lane.editor.edits(() => leader, AT_ONCE);
  await sleep(lane.random.below(200));
  const aheadMs = jump(lane);
  await lane.gateway.setClock(aheadMs);
  await sleep(lane.random.below(1500));
  await edits.stop();
  await lane.check(`the gateway's clock was set by ${aheadMs} ms`, [leader]);
}

/** Its time is up at once: it ends, once. */
async function forwardsDuringAnOverride({ lane, leader }: Setting): Promise<void> {
  await leader.setClock(0);
  await lane.editor.askAgain(leader);
  await force(lane, leader, HOUR_MS / 2);
  await leader.setClock(HOUR_MS);
  await noneIsTimed(lane);
  await lane.check("the clock was set past an override's end", [leader]);
}

/** It does not end while the clock is before its beginning, and does once that is put right. */
async function backwardsDuringAnOverride({ lane, leader }: Setting): Promise<void> {
  await leader.setClock(0);
  await lane.editor.askAgain(leader);
  await force(lane, leader, 1000);
  await leader.setClock(-HOUR_MS);
  await lane.editor.burst(leader, AT_ONCE);
  await sleep(lane.random.below(2500));
  await leader.setClock(0);
  await noneIsTimed(lane);
  await lane.check("the clock went back before an override's beginning", [leader]);
}

/** The next leader's clock is two hours behind the last one's: what that one wrote is in its future. */
async function leadersDisagree(setting: Setting): Promise<void> {
  const { lane, leader } = setting;
  await leader.setClock(HOUR_MS);
  await lane.editor.burst(leader, AT_ONCE);
  const next = lane.startConsole();
  await next.setClock(-HOUR_MS);
  const edits = lane.editor.edits(() => lane.editor.anyOf([leader, next]), AT_ONCE);
  await sleep(lane.random.below(500));
  await lane.killConsole(leader);
  await edits.stop();
  setting.leader = next;
  await lane.check("the next leader's clock is two hours behind", [next]);
}

function jump(lane: Lane): number {
  return lane.random.pick(JUMPS_MS) ?? HOUR_MS;
}

async function force(lane: Lane, leader: Setting["leader"], durationMs: number): Promise<void> {
  await eventually("an override with an end", () => lane.editor.forceFor(leader, durationMs));
}

async function noneIsTimed({ database }: Lane): Promise<void> {
  await eventually("the override has ended", async () => {
    const overrides = await database.database.read((db) => listPolicies(db, "overrides"));
    return overrides.every(({ spec }) => spec.expiresAtMs === null);
  });
}
