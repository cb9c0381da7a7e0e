import type { HystrixCommand, HystrixReading } from "#domain/hystrix-command.ts";
import { readHystrixMessage } from "#domain/hystrix-parse.ts";

export interface HystrixLimits {
  /** Commands kept of one instance. */
  readonly perInstance: number;
  /** Commands kept of all instances: the picture that browsers get holds them all. */
  readonly altogether: number;
}

const HYSTRIX_LIMITS: HystrixLimits = { perInstance: 500, altogether: 2000 };

const HISTORY_SECONDS = 60;
/** A reading older than this says nothing of the present, ms. */
const FRESH_MS = 10_000;
/** A command that its stream has not named for so long is forgotten, ms. Turbine names one again only when it has changed. */
const FORGET_MS = 5 * 60_000;

interface Known {
  readonly group: string;
  readonly reading: HystrixReading;
}

/** An instance's commands as it told of them. */
export class HystrixPage {
  readonly service: string;
  readonly instance: string;
  /** By name. */
  readonly commands = new Map<string, Known>();
  /** It has more commands than are kept. */
  truncated = false;

  constructor(service: string, instance: string) {
    this.service = service;
    this.instance = instance;
  }
}

type Moment = HystrixCommand["history"][number];

/** What JVM instances say of their commands, as long as they are there, in memory of bounded size. */
export class HystrixBook {
  readonly #limits: HystrixLimits;
  readonly #pages = new Set<HystrixPage>();
  /** By the command's key. */
  readonly #histories = new Map<string, Moment[]>();
  #count = 0;
  #sampledAtMs = 0;

  constructor(limits: HystrixLimits = HYSTRIX_LIMITS) {
    this.#limits = limits;
  }

  /** Begins a page for an instance. */
  open(service: string, instance: string): HystrixPage {
    const page = new HystrixPage(service, instance);
    this.#pages.add(page);
    return page;
  }

  /** The instance has left. */
  close(page: HystrixPage): void {
    if (this.#pages.delete(page)) this.#count -= page.commands.size;
  }

  /** Takes a message that arrived at `nowMs` (Unix epoch). What concerns no command is passed over. */
  take(page: HystrixPage, message: unknown, nowMs: number): void {
    const read = readHystrixMessage(message);
    if (read === null || !this.#pages.has(page)) return;
    if (read.kind === "gone") {
      if (page.commands.delete(read.name)) this.#count -= 1;
      return;
    }
    if (!page.commands.has(read.name)) {
      if (page.commands.size >= this.#limits.perInstance || this.#count >= this.#limits.altogether) {
        page.truncated = true;
        return;
      }
      this.#count += 1;
    }
    const reading = { instance: page.instance, ...read.report, receivedAtMs: nowMs };
    page.commands.set(read.name, { group: read.group, reading });
  }

  /** Every command, by key, as it is at `nowMs`. Asked once a second: each time the history grows by a moment. */
  commands(nowMs: number): HystrixCommand[] {
    this.#forget(nowMs);
    const byKey = new Map<string, { service: string; name: string; known: Known[] }>();
    for (const { service, commands } of this.#pages) {
      for (const [name, known] of commands) {
        const key = `${service}/${name}`;
        const command = byKey.get(key);
        if (command === undefined) byKey.set(key, { service, name, known: [known] });
        else command.known.push(known);
      }
    }
    for (const key of this.#histories.keys()) if (!byKey.has(key)) this.#histories.delete(key);
    const isNewSecond = Math.floor(nowMs / 1000) !== Math.floor(this.#sampledAtMs / 1000);
    this.#sampledAtMs = nowMs;
    return [...byKey]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, { service, name, known }]) => {
        const instances = known.map(({ reading }) => reading).toSorted((a, b) => (a.instance < b.instance ? -1 : 1));
        const moment = momentOf(instances, nowMs);
        return {
          key,
          service,
          name,
          group: known[0]?.group ?? "",
          instances,
          offeredPerSecond: moment.offeredPerSecond,
          history: isNewSecond ? this.#extend(key, moment) : (this.#histories.get(key) ?? []),
        };
      });
  }

  #forget(nowMs: number): void {
    for (const { commands } of this.#pages) {
      for (const [name, { reading }] of commands) {
        if (nowMs - reading.receivedAtMs > FORGET_MS && commands.delete(name)) this.#count -= 1;
      }
    }
  }

  #extend(key: string, moment: Moment): readonly Moment[] {
    const history = [...(this.#histories.get(key) ?? []), moment].slice(-HISTORY_SECONDS);
    this.#histories.set(key, history);
    return history;
  }
}

/** Short-circuited calls are not among Hystrix's requests, and yet somebody made them. */
function momentOf(readings: readonly HystrixReading[], nowMs: number): Moment {
  const fresh = readings.filter(({ receivedAtMs }) => nowMs - receivedAtMs <= FRESH_MS);
  const sum = (figure: (reading: HystrixReading) => number): number =>
    fresh.reduce((total, reading) => total + figure(reading), 0);
  const requests = sum(({ requestCount }) => requestCount);
  const made = sum(({ requestCount, rollingMs }) => (requestCount * 1000) / rollingMs);
  const refused = sum(({ counts, rollingMs }) => ((counts["short-circuited"] ?? 0) * 1000) / rollingMs);
  return {
    atMs: Math.floor(nowMs / 1000) * 1000,
    offeredPerSecond: rounded(made + refused),
    refusedPerSecond: rounded(refused),
    errorPercent: requests === 0 ? 0 : rounded(Math.min(100, (sum(({ errorCount }) => errorCount) * 100) / requests)),
  };
}

/** To a hundredth: a picture with thousands of figures goes to every browser once a second. */
function rounded(figure: number): number {
  return Math.round(figure * 100) / 100;
}
