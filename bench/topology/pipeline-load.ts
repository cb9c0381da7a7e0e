/**
 * A console's collector under the load of simulated gateways: follows all of them, and takes a picture a second, as a
 * console does. Prints what it cost, as one line of JSON.
 *
 *     node --expose-gc bench/topology/pipeline-load.ts <ours|plain> <port> <gateways> <services> <warm-up s> <measured s>
 */
import { pino } from "pino";
import { takePicture, type PictureSources } from "#telemetry/live-picture.ts";
import { collectTelemetry, type Collector } from "#telemetry/collector.ts";
import { Departures } from "#telemetry/departures.ts";
import { FleetBreakers } from "#telemetry/fleet-breakers.ts";
import { FleetOutlooks } from "#telemetry/fleet-outlooks.ts";
import { DEFAULT_HEALTH_ROW } from "#domain/health-policy.ts";
import { ServicePeaks } from "#telemetry/service-peaks.ts";
import { systemClock } from "#platform/clock.ts";
import { collectPlainly } from "./plain-collector.ts";
import { simulatedRegistry } from "./simulated-mesh.ts";

/** What it came to. */
export interface LoadFigures {
  /** Of one core, percent: of all threads of the process. */
  readonly cpuPercent: number;
  /** Windows taken a second. */
  readonly windowsPerSecond: number;
  readonly lostWindows: number;
  readonly series: number;
  readonly cells: number;
  /** Resident memory at the start of what was measured and at its end, MB. */
  readonly rssMb: readonly [number, number];
  /** Heap and array buffers in use after a collection of garbage, at the same two moments, MB. */
  readonly usedMb: readonly [number, number];
  /** To take a picture, ms: median and 95th percentile. */
  readonly pictureMs: readonly [number, number];
  /** From the end of a window at its gateway to the picture that has it, ms: median and 95th percentile. */
  readonly ageMs: readonly [number, number];
}

const [kind = "ours", port = "0", ...numbers] = process.argv.slice(2);
const [gateways = 100, services = 100, warmUp = 15, seconds = 30] = numbers.map(Number);
const urls = new Map(
  Array.from({ length: gateways }, (_, n) => [`gateway-${n}`, `http://127.0.0.1:${port}/gateway-${n}`]),
);
const peaks = new ServicePeaks(systemClock);
/** Ends of the windows that no picture has yet, Unix epoch, ms. */
let fresh: number[] = [];
let windows = 0;

const ours = kind === "ours" ? collectOurs() : null;
const collector = ours ?? collectPlain();
const sources = sourcesOf(collector);
const pictures: number[] = [];
const ages: number[] = [];
const timer = setInterval(picture, 1000);

await new Promise((resolve) => setTimeout(resolve, warmUp * 1000));
pictures.length = 0;
ages.length = 0;
windows = 0;
const before = memory();
const cpu = process.cpuUsage();
const startMs = performance.now();
await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
const took = process.cpuUsage(cpu);
const elapsedMs = performance.now() - startMs;
const counted = windows;
const after = memory();
clearInterval(timer);
const load = ours?.load() ?? { series: 0, cells: 0 };
const figures: LoadFigures = {
  cpuPercent: (took.user + took.system) / 10 / elapsedMs,
  windowsPerSecond: (counted * 1000) / elapsedMs,
  lostWindows: collector.statuses().reduce((sum, { lostWindows }) => sum + lostWindows, 0),
  series: load.series,
  cells: load.cells,
  rssMb: [before.rss, after.rss],
  usedMb: [before.used, after.used],
  pictureMs: [at(pictures, 0.5), at(pictures, 0.95)],
  ageMs: [at(ages, 0.5), at(ages, 0.95)],
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
process.exit(0);

function picture(): void {
  const began = performance.now();
  takePicture(sources, Date.now());
  const nowMs = Date.now();
  pictures.push(performance.now() - began);
  for (const endMs of fresh) ages.push(nowMs - endMs);
  fresh = [];
}

function collectOurs(): Collector {
  const registrations = [...urls].map(([id, adminUrl]) => ({
    id,
    adminUrl,
    edgeUrl: adminUrl,
    version: "1",
    startedAtMs: 0,
  }));
  return collectTelemetry({
    directory: { current: () => ({ registrations, acknowledgements: [] }), onChange: () => () => undefined },
    onWindow: (window) => {
      windows += 1;
      fresh.push(window.endMs);
      peaks.take(window, window.endMs);
    },
    clock: systemClock,
    log: pino({ level: "error" }),
  });
}

function collectPlain(): ReturnType<typeof collectPlainly> {
  return collectPlainly(urls, ({ endMs }) => {
    windows += 1;
    fresh.push(endMs);
  });
}

function sourcesOf(from: PictureSources["collector"]): PictureSources {
  const registry = simulatedRegistry({ services }, Date.now());
  return {
    consoleId: "console",
    collector: from,
    fleet: new FleetBreakers(),
    outlooks: new FleetOutlooks(peaks),
    registry: () => registry,
    departures: new Departures(),
    health: () => DEFAULT_HEALTH_ROW,
    hystrix: { commands: () => [], sources: () => [] },
    routes: () => [],
    breakerPolicies: () => [],
    sync: () => ({
      incarnation: "a",
      savedRevision: 1,
      publishedRevision: 1,
      leader: "console",
      halted: "",
      halt: null,
      blocked: [],
      lastFullPass: null,
      driftMode: "repair",
      openDrift: 0,
      ignoredDrift: 0,
      propagation: { edits: 0, published: null, applied: null },
    }),
    links: () => ({
      zookeeper: {
        state: "up",
        sinceMs: 0,
        problem: "",
        session: "live",
        lastAnswerAtMs: 0,
        server: null,
        sessionId: null,
        sessionTimeoutMs: null,
        epoch: 1,
        denied: null,
        access: "closed",
        accessLists: null,
      },
      database: { state: "up", sinceMs: 0, problem: "" },
    }),
  };
}

function memory(): { rss: number; used: number } {
  // Else what is in use could not be told from what waits to be collected.
  globalThis.gc?.();
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  return { rss: rss / 2 ** 20, used: (heapUsed + arrayBuffers) / 2 ** 20 };
}

function at(figuresOf: readonly number[], share: number): number {
  const sorted = figuresOf.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
