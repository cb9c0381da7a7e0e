import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { expect, it } from "vitest";
import { EMPTY_SNAPSHOT } from "#domain/snapshot.ts";
import { testInstance, testRegistry } from "#domain/test-instance.ts";
import { lastGoodContent, readLastGood, readSavedBreakers, savedBreakersContent } from "./last-good.ts";
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

it("a registry comes back as it was saved; instances of an older version are there, speak HTTP and have no weight", async () => {
  const folder = await mkdtemp(join(tmpdir(), "meshkeeper-snapshot-"));
  try {
    const path = join(folder, "snapshot.json");
    const instances = [
      testInstance({ protocol: "rest", weight: 50, presence: "unconfirmed", origin: "dubbo-interface" }),
      testInstance({ id: "i2" }),
    ];
    const registry = testRegistry([{ name: "orders", instances, unreadable: [] }]);
    const content = lastGoodContent({ policy: EMPTY_SNAPSHOT, registry });
    await writeSavedFile(path, content);
    expect((await readLastGood(path, log))?.registry).toEqual(registry);
    const { protocol: _p, weight: _w, presence: _n, ...old } = testInstance();
    await writeSavedFile(path, {
      ...content,
      registry: { readAtMs: 1, services: [{ name: "orders", instances: [old], unreadable: [] }] },
    });
    expect((await readLastGood(path, log))?.registry.services[0]?.instances).toEqual([testInstance()]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
