import type { BenchCase } from "../harness.ts";
import { isNative, startContender, startService } from "./contenders.ts";
import { IDLE_CASE, idleMemory } from "./idle-memory.ts";
import type { Lab, Place, Running } from "./lab.ts";
import { addedLatency, latencies, type LatencyOptions } from "./latency.ts";
import type { LoadCase, LoadGroup } from "./load-cases.ts";
import { slicesOf } from "./load.ts";
import { inTurn, isTooWide, spreadOf, type Slice, type Spread, type Surroundings, type Taken } from "./slices.ts";

/** How much of everything; times in s. */
export interface Pace {
  readonly slices: number;
  readonly attempts: number;
  readonly sliceS: number;
  /** V8 goes on compiling for seconds under load; figures before that are another program's. */
  readonly warmUpS: number;
  /** For processes that have been under another load. */
  readonly againS: number;
  readonly nativeWarmUpS: number;
  /** Spent at most on taking disturbed slices again, in the whole run. */
  readonly againAtMostS: number;
  readonly latency: LatencyOptions;
}

/** Whose latency and memory are measured; of the npm packages the best known one that takes part. */
const NAMED = ["ours", "nginx", "haproxy"];
const PACKAGES = ["http-proxy", "http-proxy-3"];

/** Runs cases and gathers what became of them. A case that fails does not take the others with it. */
export class GatewayComparison {
  readonly results: BenchCase[] = [];
  readonly failures: string[] = [];
  /** Why the figures cannot be trusted. */
  readonly noise: string[] = [];
  #spentAgainS = 0;
  readonly #lab: Lab;
  readonly #pace: Pace;
  readonly #wanted: (name: string) => boolean;
  readonly #say: (line: string) => void;

  constructor(lab: Lab, pace: Pace, wanted: (name: string) => boolean, say: (line: string) => void) {
    this.#lab = lab;
    this.#pace = pace;
    this.#wanted = wanted;
    this.#say = say;
  }

  get latencyCase(): string {
    return `latency at ${this.#pace.latency.perSecond}/s`;
  }

  /** Puts the processes of a group through its cases. */
  async run(group: LoadGroup): Promise<void> {
    const cases = group.cases.filter(({ name }) => this.#wanted(name));
    if (cases.length === 0) return;
    await this.#with(group, async (proxies) => {
      for (const [index, one] of cases.entries()) {
        const warmUpS = index === 0 ? this.#pace.warmUpS : this.#pace.againS;
        await this.#try(one.name, () => this.#measure(one, proxies, group.pinned, warmUpS));
      }
    });
  }

  async runLatency(group: LoadGroup): Promise<void> {
    if (!this.#wanted(this.latencyCase)) return;
    await this.#with(fewer(group), async (proxies, service) => {
      await this.#try(this.latencyCase, () => this.#measureLatency(proxies, service));
    });
  }

  async runMemory(group: LoadGroup): Promise<void> {
    if (!this.#wanted(IDLE_CASE)) return;
    await this.#with(fewer(group), (proxies) => this.#try(IDLE_CASE, async () => [await idleMemory(proxies)]));
  }

  async #try(name: string, measure: () => Promise<BenchCase[]>): Promise<void> {
    try {
      this.results.push(...(await measure()));
    } catch (error) {
      this.#fail(name, error);
    }
  }

  #fail(what: string, error: unknown): null {
    this.failures.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }

  /** With the processes of a group, which are ended afterwards. */
  async #with(group: LoadGroup, use: (proxies: Running[], service: Running) => Promise<void>): Promise<void> {
    const service = await startService(this.#lab, group.pinned ? "load" : "any");
    const proxies: Running[] = [];
    try {
      const place: Place = group.pinned ? "proxy" : "any";
      for (const { as, name, options } of group.contenders) {
        const starting = startContender(this.#lab, name, { ...options, upstream: service.port, place });
        const running = await starting.catch((error: unknown) => this.#fail(as, error));
        if (running !== null) proxies.push({ ...running, name: as });
      }
      await use(proxies, service);
    } finally {
      for (const running of [...proxies, service]) await running.stop();
    }
  }

  async #measure(
    { name, load }: LoadCase,
    proxies: readonly Running[],
    pinned: boolean,
    warmUpS: number,
  ): Promise<BenchCase[]> {
    const { slices, attempts, sliceS, nativeWarmUpS } = this.#pace;
    const contenders: Record<string, () => Promise<Slice>> = {};
    for (const proxy of proxies) {
      const slice = await slicesOf(this.#lab, pinned ? "load" : "any", proxy, load);
      await slice(isNative(proxy) ? nativeWarmUpS : warmUpS);
      contenders[proxy.name] = () => slice(sliceS);
    }
    const mayRepeat = (): boolean => this.#mayRepeat(sliceS);
    const taken = await inTurn(contenders, { wanted: slices, attempts, pinned: pinned && this.#lab.pins, mayRepeat });
    this.#noteDisturbance(name, taken, ["ours", "nginx"]);
    const cells = Object.entries(taken).map(([contender, { counted }]): Cell => {
      const of = (figure: "cpuUs" | "perSecond"): Spread => spreadOf(counted.map((slice) => slice[figure]));
      return { contender, cpuUs: of("cpuUs"), perSecond: of("perSecond") };
    });
    for (const cell of cells) this.#say(`  ${spreadLine(cell)}`);
    // nginx is the same program every time: what moves its figures moves the others', too.
    if (cells.some(({ contender, cpuUs }) => contender === "nginx" && isTooWide(cpuUs)))
      this.noise.push(`${name}: nginx is not within ±30 % of its own median`);
    const eachPeer = true;
    return [
      { name, ...figures(cells, "cpuUs"), unit: "µs CPU per request", better: "lower", eachPeer },
      { name, ...figures(cells, "perSecond"), unit: "requests/s", better: "higher", eachPeer },
    ];
  }

  async #measureLatency(proxies: readonly Running[], service: Running): Promise<BenchCase[]> {
    const { latency } = this.#pace;
    const mayRepeat = (): boolean => this.#mayRepeat(latency.seconds + 1);
    const taken = await latencies(this.#lab, [service, ...proxies], latency, mayRepeat);
    this.#noteDisturbance(this.latencyCase, taken, ["ours", "nginx", service.name]);
    const { [service.name]: direct, ...others } = taken;
    return direct === undefined ? [] : addedLatency(this.latencyCase, direct, others);
  }

  #mayRepeat(takesS: number): boolean {
    this.#spentAgainS += takesS;
    return this.#spentAgainS <= this.#pace.againAtMostS;
  }

  /** Without the contenders named, the others have nothing to be held against. */
  #noteDisturbance(name: string, taken: Record<string, Taken<Surroundings>>, essential: readonly string[]): void {
    const all = Object.entries(taken);
    const dropped = all.map(([who, one]) => `${who} ${one.dropped}${one.disturbed ? " (too many)" : ""}`);
    this.#say(`\n${name}: measurements dropped: ${dropped.join(", ")}`);
    if (all.some(([who, { disturbed }]) => disturbed && essential.includes(who)))
      this.noise.push(`${name}: too few undisturbed measurements of ${essential.join(", ")}`);
  }
}

function fewer(group: LoadGroup): LoadGroup {
  const npm = PACKAGES.find((name) => group.contenders.some(({ as }) => as === name));
  return { ...group, contenders: group.contenders.filter(({ as }) => NAMED.includes(as) || as === npm) };
}

interface Cell {
  readonly contender: string;
  readonly cpuUs: Spread;
  readonly perSecond: Spread;
}

function figures(cells: readonly Cell[], figure: "cpuUs" | "perSecond"): Pick<BenchCase, "ours" | "peers"> {
  const medians = cells.map((cell) => [cell.contender, cell[figure].median] as const);
  const { ours = Number.NaN, ...peers } = Object.fromEntries(medians);
  return { ours, peers };
}

function spreadLine({ contender, cpuUs, perSecond }: Cell): string {
  const cpu = `${cpuUs.median.toFixed(1)} µs (${cpuUs.least.toFixed(1)} to ${cpuUs.most.toFixed(1)})`;
  const [rate = 0, least = 0, most = 0] = [perSecond.median, perSecond.least, perSecond.most].map(Math.round);
  return `${contender.padEnd(20)}${cpu.padEnd(30)}${rate}/s (${least} to ${most})`;
}
