import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { circuitBreaker, ConsecutiveBreaker, handleAll, SamplingBreaker, type CircuitBreakerPolicy } from "cockatiel";
import CircuitBreaker from "opossum";
import { BreakerSettings } from "#domain/breaker-policy.ts";
import { Breaker } from "#domain/breaker.ts";
import { report, type BenchCase } from "./harness.ts";
import { compare, type Measure } from "./measure.ts";

/** What a call to a service does, as far as a breaker is concerned: it ends some time later. */
const work = async (): Promise<number> => 1;
const failure = new Error("failed");
const failing = async (): Promise<number> => {
  throw failure;
};
const NEVER_OPEN = { errorThresholdPercentage: 101, volumeThreshold: 20, resetTimeout: 5000, timeout: false } as const;

/** Nanoseconds a call of `once` takes, awaited. */
const timed =
  (calls: number, once: () => Promise<unknown>): Measure =>
  async () => {
    const started = process.hrtime.bigint();
    for (let call = 0; call < calls; call += 1) await once();
    return Number(process.hrtime.bigint() - started) / calls;
  };

const swallowed = (call: () => Promise<unknown>) => (): Promise<unknown> => call().catch(() => undefined);

function ours(action: () => Promise<number>, breaker: Breaker): () => Promise<unknown> {
  return async () => {
    const permit = breaker.acquire(performance.now(), null);
    if (permit < 0) return permit;
    try {
      const result = await action();
      breaker.settle(permit, "success", performance.now(), 0);
      return result;
    } catch {
      breaker.settle(permit, "failure", performance.now(), 0);
      return undefined;
    } finally {
      breaker.release();
    }
  };
}

const openBreaker = (): Breaker => {
  const breaker = new Breaker(
    BreakerSettings.parse({ requestVolumeThreshold: 1, sleepWindowMs: 3_600_000 }),
    performance.now(),
  );
  breaker.settle(breaker.acquire(performance.now(), null), "failure", performance.now(), 0);
  return breaker;
};
const neverOpen = (): Breaker =>
  new Breaker(BreakerSettings.parse({ requestVolumeThreshold: 1_000_000, enabled: false }), performance.now());
const sampling = (): CircuitBreakerPolicy =>
  circuitBreaker(handleAll, {
    halfOpenAfter: 5000,
    breaker: new SamplingBreaker({ threshold: 0.999, duration: 10_000, minimumRps: 1e9 }),
  });

async function admitted(): Promise<BenchCase> {
  const opossum = new CircuitBreaker(work, NEVER_OPEN);
  const cockatiel = sampling();
  const medians = await compare({
    ours: timed(100_000, ours(work, neverOpen())),
    peers: { opossum: timed(20_000, () => opossum.fire()), cockatiel: timed(50_000, () => cockatiel.execute(work)) },
  });
  opossum.shutdown();
  return { name: "admitted call, with the call itself", ...medians, unit: "ns", better: "lower" };
}

async function refused(): Promise<BenchCase> {
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
    },
  });
  opossum.shutdown();
  return { name: "refused call", ...medians, unit: "ns", better: "lower" };
}

/** At 1,000 calls a second there are 10,000 in the window; what a failure costs must not depend on them. */
async function failed(): Promise<BenchCase> {
  const opossum = new CircuitBreaker(failing, NEVER_OPEN);
  const filled = new CircuitBreaker(work, NEVER_OPEN);
  for (let call = 0; call < 10_000; call += 1) await swallowed(() => opossum.fire())();
  filled.shutdown();
  const cockatiel = sampling();
  const medians = await compare({
    ours: timed(100_000, ours(failing, neverOpen())),
    peers: {
      opossum: timed(
        100,
        swallowed(() => opossum.fire()),
      ),
      cockatiel: timed(
        20_000,
        swallowed(() => cockatiel.execute(failing)),
      ),
    },
    rounds: 5,
  });
  opossum.shutdown();
  return { name: "failing call, 10,000 calls in the window", ...medians, unit: "ns", better: "lower" };
}

/** The gate by itself, synchronous, with a clock read once per tick as in an event loop's turn. */
async function gate(): Promise<BenchCase[]> {
  const closed = neverOpen();
  const open = openBreaker();
  let nowMs = performance.now();
  const synchronous =
    (calls: number, once: () => void): Measure =>
    () => {
      const started = process.hrtime.bigint();
      for (let call = 0; call < calls; call += 1) once();
      nowMs = performance.now();
      return Number(process.hrtime.bigint() - started) / calls;
    };
  const admit = await compare({
    ours: synchronous(1_000_000, () => {
      const permit = closed.acquire(nowMs, null);
      closed.settle(permit, "success", nowMs, 0);
      closed.release();
    }),
    peers: {},
  });
  const fail = await compare({
    ours: synchronous(1_000_000, () => {
      const permit = closed.acquire(nowMs, null);
      closed.settle(permit, "failure", nowMs, 0);
      closed.release();
    }),
    peers: {},
  });
  const refuse = await compare({ ours: synchronous(1_000_000, () => void open.acquire(nowMs, null)), peers: {} });
  return [
    { name: "gate alone, good call", ...admit, unit: "ns", better: "lower" },
    { name: "gate alone, failing call", ...fail, unit: "ns", better: "lower" },
    { name: "gate alone, refused call", ...refuse, unit: "ns", better: "lower" },
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

async function memory(): Promise<BenchCase> {
  const settings = BreakerSettings.parse({});
  const medians = await compare({
    ours: sized(10_000, () => ({ call: ours(work, new Breaker(settings, performance.now())), end: () => undefined })),
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
  return { name: "memory per breaker, 20 calls in", ...medians, unit: "bytes", better: "lower" };
}

await report("breakers", [await admitted(), await refused(), await failed(), ...(await gate()), await memory()]);
