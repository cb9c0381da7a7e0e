import { setTimeout as sleep } from "node:timers/promises";
import type { FaultProxy } from "#zookeeper/test-fault-proxy.ts";
import type { TestZooKeeper } from "#zookeeper/test-harness.ts";
import type { ConsoleChild } from "./console-child.ts";
import type { Lane } from "./lane.ts";

/** The networks between ZooKeeper and each who depends on it. */
export interface Networks {
  readonly consoles: readonly FaultProxy[];
  readonly gateway: FaultProxy;
}

const FAULTS = ["black hole", "cut", "cut in mid-frame", "refused", "server stands still"] as const;
/** Half of what happens is over before a console's session (1 s) would expire, half lasts longer. */
const LONGEST_MS = 2000;
const AT_ONCE = 2;

/** Disturbs the network of one console, the other, the gateway, or several of them for a while, and heals it. */
export async function partition(
  lane: Lane<TestZooKeeper>,
  consoles: readonly ConsoleChild[],
  networks: Networks,
): Promise<void> {
  const fault = lane.random.pick(FAULTS) ?? "cut";
  const all = [...networks.consoles, networks.gateway];
  const some = all.filter(() => lane.random.below(2) === 0);
  const hit = some.length === 0 ? all : some;
  const lastsMs = lane.random.below(LONGEST_MS);
  const [first, ...others] = consoles;
  if (first === undefined) throw new Error("no console runs");
  const edits = lane.editor.edits(() => lane.editor.anyOf([first, ...others]), AT_ONCE);
  await begin(lane, fault, hit, lane.random.below(3000));
  await sleep(lastsMs);
  await heal(lane, fault, hit);
  await edits.stop();
  const where = hit.length === all.length ? "everybody" : `${hit.length} of ${all.length}`;
  await lane.check(`${fault} for ${lastsMs} ms, ${where}`, consoles);
}

async function begin(
  lane: Lane<TestZooKeeper>,
  fault: (typeof FAULTS)[number],
  hit: readonly FaultProxy[],
  bytes: number,
): Promise<void> {
  if (fault === "server stands still") return lane.server.freeze();
  for (const network of hit) {
    if (fault === "black hole") network.blackHole(true);
    if (fault === "cut" || fault === "refused") network.cut();
    if (fault === "refused") network.refuse(true);
    if (fault === "cut in mid-frame") network.cutAfter(bytes);
  }
}

async function heal(
  lane: Lane<TestZooKeeper>,
  fault: (typeof FAULTS)[number],
  hit: readonly FaultProxy[],
): Promise<void> {
  if (fault === "server stands still") lane.server.thaw();
  for (const network of hit) {
    network.blackHole(false);
    network.refuse(false);
    network.cutAfter(Number.POSITIVE_INFINITY);
  }
  await Promise.resolve();
}
