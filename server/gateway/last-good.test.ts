import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { expect, it } from "vitest";
import { testInstance, testRegistry } from "#domain/test-instance.ts";
import { readLastGood, readSavedBreakers, savedBreakersContent, stateFiles } from "./last-good.ts";
import { writeSavedFile } from "./saved-file.ts";

const log = pino({ level: "silent" });

it("breakers come back as they were saved; those of an older version have opened once", async () => {
  const folder = await mkdtemp(join(tmpdir(), "meshkeeper-breakers-"));
  try {
    const path = join(folder, "breakers.json");
    const old = { sinceEpochMs: 1000, untilEpochMs: 6000, cause: "100 % of 20 calls failed: 20 timeout" };
    await writeSavedFile(path, { v: 1, breakers: { "pay->payments": old } });
    expect(await readSavedBreakers(path, log)).toEqual(
      new Map([["pay->payments", { ...old, trips: 1, outage: null }]]),
    );
    const saved = new Map([["pay->payments", { ...old, trips: 7, outage: { sinceMs: 1, cause: "5 of 5" } }]]);
    await writeSavedFile(path, savedBreakersContent(saved));
    expect(await readSavedBreakers(path, log)).toEqual(saved);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it("a registry of an older version comes back: instances are there, speak HTTP and have no weight", async () => {
  const folder = await mkdtemp(join(tmpdir(), "meshkeeper-snapshot-"));
  try {
    const files = stateFiles(folder, "gw-1");
    const { protocol: _p, weight: _w, presence: _n, ...old } = testInstance();
    const none = { routes: [], breakers: [], overrides: [], services: [] };
    await writeSavedFile(join(folder, "gw-1", "snapshot.json"), {
      v: 1,
      policy: { incarnation: "db-1", revision: 3, root: "", ...none },
      registry: { readAtMs: 1, services: [{ name: "orders", instances: [old], unreadable: [] }] },
    });
    const lastGood = await readLastGood(files, log);
    expect(lastGood?.registry).toEqual(testRegistry([{ name: "orders", instances: [testInstance()], unreadable: [] }]));
    expect(lastGood?.policy.revision).toBe(3);
  } finally {
    await rm(folder, { recursive: true });
  }
});
