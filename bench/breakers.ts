import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { circuitBreaker, ConsecutiveBreaker, handleAll, SamplingBreaker, type CircuitBreakerPolicy } from "cockatiel";
import CircuitBreaker from "opossum";
import { BreakerSettings } from "#domain/breaker-policy.ts";
import { Breaker, type CallOutcome, type Permit } from "#domain/breaker.ts";
import { report, type BenchCase } from "./harness.ts";
import { compare, type Measure, type Medians } from "./measure.ts";

/** What a call to a service does, as far as a breaker is concerned: it ends some time later. */
const work = async (): Promise<number> => 1;
const failure = new Error("failed");
const failing = async (): Promise<number> => {
  throw failure;
};
const NEVER_OPEN = { errorThresholdPercentage: 101, volumeThreshold: 20, resetTimeout: 5000, timeout: false } as const;
/** 10 s at 5,000 calls a second. */
const FULL_WINDOW = 50_000;
const PER_SECOND = 5000;
const FAILING_SHARE = 0.4;

/** Nanoseconds a call of `once` takes, awaited. */
const timed =
  (calls: number, once: () => Promise<unknown>): Measure =>
  async () => {
    const started = process.hrtime.bigint();
    for (let call = 0; call < calls; call += 1) await once();
    return Number(process.hrtime.bigint() - started) / calls;
  };

const swallowed = (call: () => Promise<unknown>) => (): Promise<unknown> => call().catch(() => undefined);

/** As the gateway uses it, but for the clock: that has one reading less for each call. */
function ours(action: () => Promise<number>, breaker: Breaker): () => Promise<unknown> {
  return async () => {
    const startedMs = performance.now();
    const permit = breaker.acquire(startedMs, null);
    if (permit < 0) return permit;
    try {
      const result = await action();
      settle(breaker, permit, "success", startedMs);
      return result;
    } catch {
      settle(breaker, permit, "failure", startedMs);
      return undefined;
    } finally {
      breaker.release();
    }
  };
}

function settle(breaker: Breaker, permit: Permit, outcome: CallOutcome, startedMs: number): void {
  const nowMs = performance.now();
  breaker.answered(startedMs, nowMs);
  breaker.settle(permit, outcome, nowMs, nowMs - startedMs);
}

const openBreaker = (): Breaker => {
  const nowMs = performance.now();
  const breaker = new Breaker(BreakerSettings.parse({ requestVolumeThreshold: 1, sleepWindowMs: 3_600_000 }), nowMs);
  breaker.settle(breaker.acquire(nowMs, null), "failure", nowMs, 0);
  breaker.release();
  return breaker;
};
const neverOpen = (settings: Partial<BreakerSettings> = {}): Breaker =>
  new Breaker(
    BreakerSettings.parse({ requestVolumeThreshold: 1_000_000, enabled: false, ...settings }),
    performance.now(),
  );
const sampling = (): CircuitBreakerPolicy =>
  circuitBreaker(handleAll, {
    halfOpenAfter: 5000,
    breaker: new SamplingBreaker({ threshold: 0.999, duration: 10_000, minimumRps: 1e9 }),
  });

/** The case, and what ours takes over the bare call that was measured among its peers. */
function overBare(name: string, { ours: mine, peers: { bare = 0, ...peers } }: Medians): BenchCase[] {
  return [
    { name, ours: mine, peers, unit: "ns", better: "lower" },
    { name: `${name}, over a bare call`, ours: mine - bare, peers: {}, unit: "ns", better: "lower" },
  ];
}

async function admitted(): Promise<BenchCase[]> {
  const opossum = new CircuitBreaker(work, NEVER_OPEN);
  const cockatiel = sampling();
  const medians = await compare({
    ours: timed(100_000, ours(work, neverOpen())),
    peers: {
      opossum: timed(20_000, () => opossum.fire()),
      cockatiel: timed(50_000, () => cockatiel.execute(work)),
      bare: timed(100_000, async () => work()),
    },
  });
  opossum.shutdown();
  return overBare("admitted", medians);
}

async function rejected(): Promise<BenchCase[]> {
  const opossum = new CircuitBreaker(work, NEVER_OPEN);
  opossum.open();
  const cockatiel = circuitBreaker(handleAll, { halfOpenAfter: 3_600_000, breaker: new ConsecutiveBreaker(1) });
  await swallowed(() => cockatiel.execute(failing))();
  const medians = await compare({
    ours: timed(100_000, ours(work, openBreaker())),
    peers: {
      opossum: timed(
        10_000,
        swallowed(() => opossum.fire()),
      ),
      cockatiel: timed(
        10_000,
        swallowed(() => cockatiel.execute(work)),
      ),
      bare: timed(100_000, async () => work()),
    },
  });
  opossum.shutdown();
  return overBare("rejected", medians);
}

/**
 * What a failing call costs when the 10 s before it had 50,000 calls, 40 % of which failed. Opossum sorts all their latencies
 * on each failure, so its window is filled with good calls of different lengths, at once: filling it with failures would take
 * minutes, and it is the number of latencies that counts.
 */
async function failed(): Promise<BenchCase> {
  const breaker = neverOpen();
  const cockatiel = sampling();
  const failCockatiel = swallowed(() => cockatiel.execute(failing));
  for (let call = 0; call < FULL_WINDOW; call += 1) {
    const fails = call % 5 < 5 * FAILING_SHARE;
    await ours(fails ? failing : work, breaker)();
    await (fails ? failCockatiel() : cockatiel.execute(work));
  }
  const medians = await compare({
    ours: timed(100_000, ours(failing, breaker)),
    peers: { opossum: failingOpossum, cockatiel: timed(20_000, failCockatiel) },
    rounds: 5,
  });
  return { name: "failing at 5,000/s", ...medians, unit: "ns", better: "lower" };
}

const failingOpossum: Measure = async () => {
  let calls = 0;
  const opossum = new CircuitBreaker(async () => {
    calls += 1;
    if (calls > FULL_WINDOW) throw failure;
    // It keeps whole milliseconds: 200 different ones, in no order.
    await pause(1 + ((calls * 7919) % 200));
  }, NEVER_OPEN);
  await Promise.all(Array.from({ length: FULL_WINDOW }, () => opossum.fire()));
  const fail = swallowed(() => opossum.fire());
  const each = await timed(50, fail)();
  opossum.shutdown();
  return each;
};

/** How much of a second the breaker takes of the event loop at 5,000 calls, 40 % of them failing; above 100 % it cannot keep up. */
function eventLoop(good: BenchCase, bad: BenchCase): BenchCase {
  const share = (goodNs: number, badNs: number): number =>
    (PER_SECOND * ((1 - FAILING_SHARE) * goodNs + FAILING_SHARE * badNs)) / 1e7;
  const peers = Object.fromEntries(
    Object.entries(bad.peers).map(([peer, badNs]) => [peer, share(good.peers[peer] ?? 0, badNs)]),
  );
  const name = "event loop at 5,000/s, 40 % failing";
  return { name, ours: share(good.ours, bad.ours), peers, unit: "%", better: "lower" };
}

/** The gate by itself, synchronous, with a clock read once per tick as in an event loop's turn. */
async function gate(): Promise<BenchCase[]> {
  let nowMs = performance.now();
  const alone = async (name: string, once: () => void): Promise<BenchCase> => {
    const ns: Measure = () => {
      const started = process.hrtime.bigint();
      for (let call = 0; call < 1_000_000; call += 1) once();
      nowMs = performance.now();
      return Number(process.hrtime.bigint() - started) / 1_000_000;
    };
    return { name, ...(await compare({ ours: ns, peers: {} })), unit: "ns", better: "lower" };
  };
  const whole = (breaker: Breaker, outcome: CallOutcome) => (): void => {
    const permit = breaker.acquire(nowMs, null);
    breaker.answered(nowMs, nowMs);
    breaker.settle(permit, outcome, nowMs, 0);
    breaker.release();
  };
  const open = openBreaker();
  return [
    await alone("gate alone, good call", whole(neverOpen(), "success")),
    await alone("gate alone, good call, slow calls counted", whole(neverOpen({ slowCallMs: 500 }), "success")),
    await alone("gate alone, failing call", whole(neverOpen(), "failure")),
    await alone("gate alone, rejected call", () => void open.acquire(nowMs, null)),
    await alone("a reading of the clock", () => void (nowMs = performance.now())),
  ];
}

setFlagsFromString("--expose_gc");

function bytesInUse(): number {
  for (let pass = 0; pass < 3; pass += 1) runInNewContext("gc()");
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Bytes each of `count` breakers takes, after `calls` calls through each. */
const sized =
  (count: number, make: () => { call: () => Promise<unknown>; end: () => void }): Measure =>
  async () => {
    const before = bytesInUse();
    const breakers = Array.from({ length: count }, make);
    for (const { call } of breakers) for (let index = 0; index < 20; index += 1) await call();
    const each = (bytesInUse() - before) / count;
    for (const { end } of breakers) end();
    return each;
  };

async function memory(): Promise<BenchCase[]> {
  const breakersOf = (settings: BreakerSettings): Measure =>
    sized(10_000, () => ({ call: ours(work, new Breaker(settings, performance.now())), end: () => undefined }));
  const medians = await compare({
    ours: breakersOf(BreakerSettings.parse({})),
    peers: {
      opossum: sized(500, () => {
        const breaker = new CircuitBreaker(work, NEVER_OPEN);
        return { call: () => breaker.fire(), end: () => breaker.shutdown() };
      }),
      cockatiel: sized(2000, () => {
        const breaker = sampling();
        return { call: () => breaker.execute(work), end: () => undefined };
      }),
    },
    rounds: 3,
  });
  const all = BreakerSettings.parse({ slowCallMs: 500, sleepBackoffFactor: 2, readmission: {} });
  const everything = await compare({ ours: breakersOf(all), peers: {}, rounds: 3 });
  return [
    { name: "bytes", ...medians, unit: "bytes", better: "lower" },
    { name: "bytes, slow calls counted", ...everything, unit: "bytes", better: "lower" },
  ];
}

const good = await admitted();
const bad = await failed();
const [goodCalls] = good;
await report("breakers", [
  ...good,
  ...(await rejected()),
  bad,
  ...(goodCalls === undefined ? [] : [eventLoop(goodCalls, bad)]),
  ...(await gate()),
  ...(await memory()),
]);
