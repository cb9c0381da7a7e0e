import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { overrideId, OverrideSpec } from "#domain/override.ts";
import type { RouteSpec } from "#domain/route.ts";
import { changeSnapshot, SnapshotDraft } from "#domain/snapshot-change.ts";
import { ageOf, EMPTY_SNAPSHOT, type PolicySnapshot, type Published } from "#domain/snapshot.ts";
import { testRoute } from "#domain/test-route.ts";
import { readLastGood, stateFiles } from "./last-good.ts";
import { readPolicyLines, snapshotLines } from "./policy-lines.ts";
import { PolicyLog } from "./policy-log.ts";
import { writeSavedFile } from "./saved-file.ts";
import { StateKeeper } from "./state-keeper.ts";

const silent = pino({ level: "silent" });
const never = (error: unknown): never => {
  throw error;
};

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "meshkeeper-policy-"));
  path = join(folder, "gw", "policy.log");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The next snapshot: routes by id, with their path; null: removed. */
function next(held: PolicySnapshot, paths: Readonly<Record<string, string | null>>): PolicySnapshot {
  const revision = held.revision + 1;
  const draft = new SnapshotDraft();
  for (const [id, value] of Object.entries(paths)) {
    if (value === null) draft.remove("routes", id);
    else {
      const draftRoute = { description: `für ${value}`, matches: [{ path: { kind: "prefix", value } as const }] };
      const before = held.routes.get(id);
      const created = before === undefined ? revision : ageOf(before);
      draft.set({ kind: "routes", published: testRoute(id, draftRoute, revision, created) });
    }
  }
  return changeSnapshot(held, draft.change({ incarnation: "db", revision, root: `root-${revision}` }));
}

/** The same with overrides of services, which are small; by their reason. */
function nextHeld(before: PolicySnapshot, reasons: Readonly<Record<string, string | null>>): PolicySnapshot {
  const revision = before.revision + 1;
  const draft = new SnapshotDraft();
  for (const [service, reason] of Object.entries(reasons)) {
    const target = { kind: "service", service } as const;
    const id = overrideId(target, { kind: "fleet" });
    if (reason === null) draft.remove("overrides", id);
    else {
      const said = { target, mode: "forced-open", reason, actor: "é", scope: { kind: "fleet" } };
      const spec = OverrideSpec.parse({ ...said, createdAtMs: 1, expiresAtMs: null });
      draft.set({ kind: "overrides", published: { id, revision, spec } });
    }
  }
  return changeSnapshot(before, draft.change({ incarnation: "db", revision, root: "" }));
}

/** A snapshot as plain data, whatever its order. */
function plain({ incarnation, revision, root, routes, breakers }: PolicySnapshot): unknown {
  const spec = (route: Published<RouteSpec>): unknown => [route.revision, route.created, route.spec];
  const byId = [...routes].map(([id, route]) => [id, spec(route)] as const);
  return { incarnation, revision, root, routes: new Map(byId), breakers: breakers.size };
}

async function saved(): Promise<PolicySnapshot> {
  const { policy, refused } = readPolicyLines(await readFile(path, "utf8"));
  expect(refused).toEqual([]);
  return policy;
}

describe("policy on disk", () => {
  it("is what was saved last, whatever was changed before, and however often the file is written anew", async () => {
    const Changes = fc.array(
      fc.dictionary(fc.constantFrom("a", "b", "c"), fc.option(fc.constantFrom("/x", "/y")), { maxKeys: 3 }),
      { minLength: 1, maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(Changes, fc.constantFrom(0, 1500, 1_000_000), fc.boolean(), async (changes, room, wait) => {
        await rm(path, { force: true });
        const log = new PolicyLog({ path, onError: never, changesBytes: room });
        let snapshot = EMPTY_SNAPSHOT;
        let last = Promise.resolve();
        for (const change of changes) {
          snapshot = next(snapshot, change);
          last = log.save(snapshot);
          if (!wait) continue;
          await last;
          expect(plain(await saved())).toEqual(plain(snapshot));
        }
        await last;
        expect(plain(await saved())).toEqual(plain(snapshot));
        await log.stop();
        expect(await readdir(join(folder, "gw"))).toEqual(["policy.log"]);
      }),
      { numRuns: 40 },
    );
  });

  it("grows by a change's size, not by that of all policy", async () => {
    const log = new PolicyLog({ path, onError: never });
    const ids = Array.from({ length: 200 }, (_, index) => `r${index}`);
    const first = next(EMPTY_SNAPSHOT, Object.fromEntries(ids.map((id) => [id, "/x"])));
    await log.save(first);
    const before = await readFile(path, "utf8");
    await log.save(next(first, { r7: "/y" }));
    const after = await readFile(path, "utf8");
    expect(after.startsWith(before)).toBe(true);
    expect(after.length - before.length).toBeLessThan(before.length / 100);
    await log.stop();
  });

  it("takes away what a process left that was killed while it wrote, and nothing else", async () => {
    await mkdir(join(folder, "gw"));
    for (const name of ["policy.log.77.0a1b2c3d.tmp", "registry.json.77.0a1b2c3d.tmp", "policy.log.bak"])
      await writeFile(join(folder, "gw", name), "x");
    const log = new PolicyLog({ path, onError: never });
    await log.save(next(EMPTY_SNAPSHOT, { a: "/x" }));
    await log.stop();
    const left = await readdir(join(folder, "gw"));
    expect(left.sort()).toEqual(["policy.log", "policy.log.bak", "registry.json.77.0a1b2c3d.tmp"]);
  });

  it("resolves every save, also of what is saved already", async () => {
    const log = new PolicyLog({ path, onError: never });
    const snapshot = next(EMPTY_SNAPSHOT, { a: "/x" });
    await Promise.all([log.save(snapshot), log.save(snapshot)]);
    await Promise.all([log.save(snapshot), log.save(next(snapshot, { a: "/y" })), log.save(snapshot)]);
    expect(plain(await saved())).toEqual(plain(snapshot));
    await log.stop();
  });

  it("is tried again while it cannot be written, and not called saved before it is", async () => {
    await writeFile(join(folder, "gw"), "a file where the folder should be");
    const failed = Promise.withResolvers<unknown>();
    const log = new PolicyLog({ path, onError: failed.resolve });
    let isSaved = false;
    const snapshot = next(EMPTY_SNAPSHOT, { a: "/x" });
    const save = log.save(snapshot).then(() => (isSaved = true));
    expect(await failed.promise).toBeInstanceOf(Error);
    expect(isSaved).toBe(false);
    await rm(join(folder, "gw"));
    await save;
    expect(plain(await saved())).toEqual(plain(snapshot));
    await log.stop();
  });

  it("is given up when it cannot be written at the end", async () => {
    await writeFile(join(folder, "gw"), "a file where the folder should be");
    let tries = 0;
    const log = new PolicyLog({ path, onError: () => (tries += 1) });
    void log.save(next(EMPTY_SNAPSHOT, { a: "/x" }));
    await log.stop();
    expect(tries).toBeGreaterThan(0);
  });
});

describe("a file that is not whole", () => {
  async function history(): Promise<{ bytes: Buffer; states: PolicySnapshot[]; snapshotEnd: number }> {
    const log = new PolicyLog({ path, onError: never });
    let state = nextHeld(EMPTY_SNAPSHOT, { a: "x", b: "w" });
    const states = [state];
    await log.save(state);
    const snapshotEnd = (await readFile(path)).length;
    for (const change of [{ a: "y" }, { b: null, c: "z" }, { c: "zz" }]) {
      state = nextHeld(state, change);
      states.push(state);
      await log.save(state);
    }
    await log.stop();
    return { bytes: await readFile(path), states, snapshotEnd };
  }
  const held = ({ overrides }: PolicySnapshot): string => JSON.stringify([...overrides.values()]);

  it("cut at any byte, is read as far as it goes: a later cut never gives less", async () => {
    const { bytes, states, snapshotEnd } = await history();
    const seen: number[] = [];
    const wrong: number[] = [];
    for (let length = snapshotEnd; length <= bytes.length; length += 1) {
      const { policy, refused } = readPolicyLines(bytes.subarray(0, length).toString());
      if (held(policy) !== held(states[policy.revision - 1] ?? EMPTY_SNAPSHOT) || refused.length > 0)
        wrong.push(length);
      seen.push(policy.revision);
    }
    expect(wrong).toEqual([]);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(new Set(seen)).toEqual(new Set([1, 2, 3, 4]));
  });

  it("cut within its snapshot, which only a disk does, is read as far as it goes, and says how much is missing", async () => {
    const { bytes, snapshotEnd } = await history();
    const read = (length: number): ReturnType<typeof readPolicyLines> =>
      readPolicyLines(bytes.subarray(0, length).toString());
    const headerEnd = bytes.indexOf("\n");
    for (let length = 0; length < headerEnd; length += 1) expect(() => read(length)).toThrow("first line");
    for (let length = headerEnd; length < snapshotEnd; length += 1) {
      const { policy, refused } = read(length);
      expect(`${2 - policy.overrides.size} documents are missing on the gateway's disk`).toBe(refused[0]?.reason);
    }
  });

  it("with any byte changed, gives no document that was never saved, and says what is missing", async () => {
    const { bytes, states } = await history();
    const known = new Set(states.flatMap(({ overrides }) => [...overrides.values()].map((one) => JSON.stringify(one))));
    let unusable = 0;
    const wrong: number[] = [];
    for (let at = 0; at < bytes.length; at += 1) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 0x01;
      try {
        const { policy, refused } = readPolicyLines(damaged.toString());
        const strange = [...policy.overrides.values()].filter((one) => !known.has(JSON.stringify(one)));
        // Without its last line break the last change is one that was being written.
        const isNamed = refused.length > 0 || (at === bytes.length - 1 && policy.revision === 3);
        if (strange.length > 0 || !isNamed) wrong.push(at);
      } catch (error) {
        if (!String(error).includes("its first line")) throw error;
        unusable += 1;
      }
    }
    expect(wrong).toEqual([]);
    expect(unusable).toBeLessThanOrEqual(bytes.indexOf("\n") + 1);
  });
});

describe("a saved document", () => {
  it("that this version cannot use is left out and named; the rest is used", async () => {
    const snapshot = next(EMPTY_SNAPSHOT, { a: "/x", b: "/y" });
    const lines = [...snapshotLines(snapshot)];
    const odd = testRoute("a", {}, 1);
    const strange: PolicySnapshot = {
      ...snapshot,
      routes: new Map([["a", { ...odd, spec: Object.assign(odd.spec, { odd: 1 }) }]]),
    };
    const [, first = ""] = [...snapshotLines(strange)];
    const others = lines.slice(1).filter((line) => line.includes('"id":"b"'));
    const { policy, refused } = readPolicyLines([lines[0], first, ...others].join(""));
    expect([...policy.routes.keys()]).toEqual(["b"]);
    expect(refused).toEqual([
      { key: "routes/a", revision: 1, reason: "as saved on disk: odd: this version does not know it" },
    ]);
  });
});

it("what an older version kept is read, kept in today's files, and then removed", async () => {
  const files = stateFiles(folder, "gw");
  const older = files.shared?.older ?? "";
  const route = testRoute("a", {}, 3);
  const { spec } = testRoute("b", {}, 2);
  const policy = { incarnation: "db", revision: 3, root: "r", breakers: [], overrides: [] };
  const unknown = { id: "b", revision: 2, spec: { ...spec, odd: true } };
  await writeSavedFile(older, {
    v: 1,
    policy: { ...policy, routes: [route, unknown, "nonsense"] },
    registry: { services: [{ name: "any", instances: [], unreadable: [] }], readAtMs: 5 },
  });
  const lastGood = await readLastGood(files, silent);
  expect(lastGood?.policy).toMatchObject({ incarnation: "db", revision: 3, root: "r" });
  expect([...(lastGood?.policy.routes ?? [])]).toEqual([["a", route]]);
  expect(lastGood?.refused.map(({ key }) => key)).toEqual(["routes/b", "saved document 3"]);
  expect(lastGood?.registry?.services).toHaveLength(1);
  const keeper = new StateKeeper(files, silent, {
    breakers: () => new Map(),
    registry: () => lastGood?.registry ?? null,
    onPolicyUnsaved: never,
  });
  await keeper.policyChanged(lastGood?.policy ?? EMPTY_SNAPSHOT);
  await expect.poll(() => readdir(join(folder, "gw"))).toEqual(["policy.log", "registry.json"]);
  await keeper.stop();
  const again = await readLastGood(files, silent);
  expect([...(again?.policy.routes ?? [])]).toEqual([["a", route]]);
  expect(again?.registry?.readAtMs).toBe(5);
});
