import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { RefusedDocument } from "#domain/gateway-info.ts";
import { EMPTY_REGISTRY } from "#domain/instance.ts";
import { changeSnapshot, SnapshotDraft } from "#domain/snapshot-change.ts";
import { EMPTY_SNAPSHOT, type PolicySnapshot } from "#domain/snapshot.ts";
import { testRoute } from "#domain/test-route.ts";
import type { Applied } from "../applied-news.ts";
import { ROUTES_AT_ONCE } from "../policy-pieces.ts";
import { Lead } from "./lead.ts";
import type { FromWorker } from "./messages.ts";

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "meshkeeper-lead-"));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const never = (): undefined => undefined;
/** Room for a busy machine. */
const POLL = { timeout: 10_000 };

function withRoutes(before: PolicySnapshot, count: number): PolicySnapshot {
  const revision = before.revision + 1;
  const draft = new SnapshotDraft();
  for (let index = 0; index < count; index += 1)
    draft.set({ kind: "routes", published: testRoute(`r${index}`, {}, revision) });
  return changeSnapshot(before, draft.change({ incarnation: "db", revision, root: "" }));
}

it(
  "acknowledges a policy with what was refused of it, not of one that is being compiled",
  { timeout: 30_000 },
  async () => {
    const refusal: RefusedDocument = { key: "routes/bad", revision: 2, reason: "it cannot be read" };
    let policy = withRoutes(EMPTY_SNAPSHOT, 1);
    let refused: readonly RefusedDocument[] = [];
    let changed = (): void => undefined;
    let say: (message: FromWorker) => void = never;
    const sent: number[] = [];
    const lead = new Lead({
      id: "gw",
      dataDir,
      policy: {
        current: () => policy,
        refused: () => refused,
        onSnapshot(listener) {
          changed = listener;
          return never;
        },
        ready: Promise.resolve(),
      },
      registry: { current: () => EMPTY_REGISTRY, onPicture: () => never, ready: Promise.resolve() },
      lastGood: null,
      admin: { host: "127.0.0.1", port: 0 },
      drainMs: 0,
      log: pino({ level: "silent" }),
      workers: 1,
      fork: () => ({
        pid: 1,
        send: (message) => void (message.kind === "policy" && sent.push(message.version)),
        onMessage: (listener) => void (say = listener),
        onExit: never,
        kill: never,
      }),
    });
    const told: Applied[] = [];
    lead.onApplied((applied) => told.push(applied));
    const started = lead.fleet.start();
    say({ kind: "hello" });
    say({ kind: "ready", edgePort: 1, tlsPort: null, egressPorts: {} });
    await started;
    await expect.poll(() => sent.at(-1), POLL).toBeGreaterThan(0);

    policy = withRoutes(policy, 3 * ROUTES_AT_ONCE);
    refused = [refusal];
    const before = sent.at(-1) ?? 0;
    changed();
    // The worker has the first by now; the second is in pieces still.
    expect(sent.at(-1)).toBe(before);
    say({ kind: "applied", version: before });
    await expect.poll(() => sent.at(-1), POLL).toBeGreaterThan(before);
    say({ kind: "applied", version: sent.at(-1) ?? 0 });
    await expect
      .poll(() => told.map(({ policy: { revision }, refused: of }) => [revision, of]))
      .toEqual([
        [1, []],
        [2, [refusal]],
      ]);
    await lead.stop();
  },
);
