import { z } from "zod";
import { Acknowledgement } from "#domain/gateway-info.ts";
import { decode } from "#zookeeper/codec.ts";
import { paths } from "#zookeeper/paths.ts";
import { eventually, startTestEnsemble } from "#zookeeper/test-harness.ts";
import { startChild } from "./child.ts";
import { Lane, PATIENCE_MS, ROOT } from "./lane.ts";
import type { PartRun } from "./parts.ts";
import type { Outcome } from "./rounds.ts";

/** One gateway has put a revision in force. */
const AppliedMessage = z.object({ id: z.string(), revision: z.int(), atMs: z.number() });
export type Applied = z.infer<typeof AppliedMessage>;

const PROCESSES = 4;
const EDITS = 100;
const ACK_BYTES = 256 * 1024;

/** `count` gateways on one ensemble of three: how long an edit takes until each has it, and whether each says so. */
export async function manyGateways({ count, seed, onProgress }: PartRun): Promise<Outcome> {
  const server = await startTestEnsemble();
  const lane = await Lane.open({ seed, server });
  const children = Array.from({ length: PROCESSES }, () => startChild("gateways-process.ts"));
  const revisions = new Map<string, number>();
  const applied: Applied[] = [];
  const savedAtMs = new Map<number, number>();
  try {
    children.forEach((child, index) => {
      child.onMessage((message) => {
        const one = AppliedMessage.parse(message);
        revisions.set(one.id, one.revision);
        applied.push(one);
      });
      const ids = Array.from({ length: count }, (_, gateway) => `simulated-${gateway}`);
      child.send({ zookeeper: server.address, root: ROOT, ids: ids.filter((__, at) => at % PROCESSES === index) });
    });
    const leader = lane.startConsole();
    await lane.leaderOf([leader]);
    for (let edit = 0; edit < EDITS; edit += 1) {
      const { revision } = await lane.editor.one(leader);
      savedAtMs.set(revision, Date.now());
      await eventually(
        `revision ${revision} in force everywhere`,
        () => revisions.size === count && [...revisions.values()].every((known) => known >= revision),
        PATIENCE_MS,
      );
      onProgress(edit + 1, EDITS, 0);
    }
    const behind = await notAcknowledged(lane, EDITS);
    await lane.check("the edits", [leader]);
    const tookMs = applied
      .flatMap(({ revision, atMs }) => {
        const savedMs = savedAtMs.get(revision);
        return savedMs === undefined ? [] : atMs - savedMs;
      })
      .sort((a, b) => a - b);
    const at = (part: number): string => `${tookMs[Math.floor((tookMs.length - 1) * part)] ?? 0} ms`;
    return {
      rounds: EDITS,
      figures: { gateways: count, "saved to applied, p50": at(0.5), p99: at(0.99), "at most": at(1) },
      failures: [...lane.takeFailures(), ...behind],
    };
  } finally {
    for (const child of children) child.kill("SIGKILL");
    await lane.close();
  }
}

/** Gateways whose acknowledgement is not of the revision, after a while. */
async function notAcknowledged(lane: Lane, revision: number): Promise<readonly string[]> {
  let behind: string[] = [];
  const folder = paths.acknowledgements(ROOT);
  await eventually(
    "everybody has acknowledged",
    async () => {
      behind = [];
      for (const id of (await lane.zk.children(folder)) ?? []) {
        const node = await lane.zk.read(`${folder}/${id}`);
        const ack = node === null ? null : decode(node.data, Acknowledgement, ACK_BYTES);
        if (ack?.ok !== true || ack.value.revision < revision) behind.push(`${id} has not acknowledged`);
      }
      return behind.length === 0;
    },
    PATIENCE_MS,
  ).catch(() => undefined);
  return behind;
}
