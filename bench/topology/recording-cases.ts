import { openTrafficHistory } from "#control/open-traffic-history.ts";
import { recordTraffic } from "#control/record-traffic.ts";
import { SeriesBook } from "#control/series-book.ts";
import { recordTrafficHistory } from "#control/traffic-recorder.ts";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import { writeSpans } from "#db/traffic-span-repository.ts";
import { openTrafficStore, type TrafficStore } from "#db/traffic-store.ts";
import { openLog } from "#platform/log.ts";
import type { BenchCase } from "../harness.ts";
import { compare } from "../measure.ts";
import { fillHistory, meshSecond, spansOfOneSecond } from "./recorded-mesh.ts";

const SERIES = 5000;
const log = openLog("bench", "fatal");

/**
 * What the mesh's memory costs at 500 services and 5,000 series: a second put on record, beside the same series written one row
 * each through Prisma; and what the pages ask of it, of a database that holds as much as it would after a day.
 */
export async function recordingCases(): Promise<BenchCase[]> {
  const test = await startTestDatabase();
  const store = openTrafficStore({ url: test.url, log });
  try {
    return [...(await writing(test, store)), ...(await reading(store))];
  } finally {
    await store.stop();
    await test.stop();
  }
}

async function writing(test: TestDatabase, store: TrafficStore): Promise<BenchCase[]> {
  const book = new SeriesBook();
  let sequence = 0;
  // Long ago, so that what is read below is elsewhere.
  const startMs = Date.parse("2026-01-01T00:00:00Z");
  const record = async (): Promise<number> => {
    sequence += 1;
    const atMs = startMs + sequence * 1000;
    const second = meshSecond(atMs, sequence);
    const began = performance.now();
    await recordTraffic({ store, book, consoleId: "bench" }, second, atMs + 5000);
    return (SERIES / (performance.now() - began)) * 1000;
  };
  const template = await spansOfOneSecond(store);
  /** The same number of rows as Prisma is given, nothing else. */
  const copied = async (): Promise<number> => {
    sequence += 1;
    const atMs = startMs + 86_400_000 + sequence * 60_000;
    const data = Array.from({ length: SERIES / template.length }, (_, n) =>
      template.map((row) => ({ ...row, atMs: atMs + n * 1000 })),
    ).flat();
    const began = performance.now();
    await store.write((tx) => writeSpans(tx, 1, data));
    return (data.length / (performance.now() - began)) * 1000;
  };
  const rows = (count: number) =>
    Array.from({ length: count }, (_, n) => ({
      service: `service-${n % 500}`,
      routeId: `route-${n}`,
      minute: (sequence += 1),
      gatewayId: "gateway-1",
      payload: new Uint8Array(40),
    }));
  const many = async (): Promise<number> => {
    const data = rows(SERIES);
    const began = performance.now();
    await test.database.client.breakerMinute.createMany({ data });
    return (SERIES / (performance.now() - began)) * 1000;
  };
  const single = async (): Promise<number> => {
    const data = rows(200);
    const began = performance.now();
    for (const row of data) await test.database.client.breakerMinute.create({ data: row });
    return (data.length / (performance.now() - began)) * 1000;
  };
  return [
    {
      name: "series put on record",
      unit: "series/s",
      better: "higher",
      eachPeer: true,
      ...(await compare({ ours: record, peers: { "prisma createMany": many, "prisma create": single } })),
    },
    {
      name: "rows written",
      unit: "rows/s",
      better: "higher",
      eachPeer: true,
      ...(await compare({ ours: copied, peers: { "prisma createMany": many, "prisma create": single } })),
    },
  ];
}

async function reading(store: TrafficStore): Promise<BenchCase[]> {
  const nowMs = Math.floor(Date.now() / 60_000) * 60_000;
  const dayMs = 24 * 3_600_000;
  await fillHistory(store, [
    { resolution: 60, fromMs: nowMs - dayMs, toMs: nowMs - 60_000 },
    { resolution: 10, fromMs: nowMs - 2 * 3_600_000, toMs: nowMs - 20_000 },
    { resolution: 1, fromMs: nowMs - 600_000, toMs: nowMs },
  ]);
  const recorder = recordTrafficHistory({ store, consoleId: "bench", isLeader: () => false, limitBytes: 1e12, log });
  const history = openTrafficHistory({ store, recorder });
  const query = { service: "service-7", points: 240, fromMs: nowMs - dayMs, toMs: nowMs };
  const asked: Readonly<Record<string, () => Promise<unknown>>> = {
    "moment, of seconds": () => history.moment(nowMs - 60_000),
    "moment, of ten seconds": () => history.moment(nowMs - 3_600_000),
    "moment, of a minute": () => history.moment(nowMs - 12 * 3_600_000),
    "signals of 24 h, in by instance": () => history.signals({ ...query, direction: "in", by: "instance" }),
    "signals of 24 h, out": () => history.signals({ ...query, direction: "out", by: "total" }),
    "signals of 10 min, in by caller": () =>
      history.signals({ ...query, fromMs: nowMs - 600_000, direction: "in", by: "caller" }),
    "mesh over 24 h": () => history.meshPoints(nowMs - dayMs, nowMs, 500),
    extent: () => history.extent(),
  };
  const cases: BenchCase[] = [];
  for (const [name, ask] of Object.entries(asked)) {
    const ours = async (): Promise<number> => {
      const began = performance.now();
      await ask();
      return performance.now() - began;
    };
    cases.push({ name, unit: "ms", better: "lower", ...(await compare({ ours, peers: {} })) });
  }
  await recorder.stop();
  return cases;
}
