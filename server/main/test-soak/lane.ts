import { listPolicies } from "#db/policy-repository.ts";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import type { FullPass } from "#domain/publishing.ts";
import { Random } from "#gateway/test-bed/fuzz/random.ts";
import type { ArmedFailpoint } from "#platform/failpoint.ts";
import type { ZooKeeper } from "#zookeeper/session.ts";
import { eventually, quietLog, type TestClients } from "#zookeeper/test-harness.ts";
import { loadConsole, type ConsoleChild } from "./console-child.ts";
import { Editor } from "./editor.ts";
import { openGatewayChild, type GatewayChild } from "./gateway-child.ts";
import { differenceInGateway, differenceInTree, readTree, type Projection } from "./mesh-checks.ts";
import { RecordCheck } from "./record-check.ts";
import { watchRevisions, type RevisionWatch } from "./revision-watch.ts";

/** Keeps the rounds of neighbouring seeds apart. */
const ROUND_FACTOR = 0x9e37_79b1;

/** Below it is the mesh of a soak. */
export const ROOT = "/mesh";
const GATEWAY_ID = "gateway-1";

/** Sessions of consoles, ms: how long a dead leader is in the way of the next. */
const SESSION_MS = 1000;
/** Everything is compared this often by itself, ms: as in production, so that what heals sooner was healed by a hint. */
const FULL_PASS_MS = 60_000;
/** Nothing of this takes so long unless it never comes. How long it takes is told as a figure. */
export const PATIENCE_MS = 180_000;

export interface LaneOptions<Server extends TestClients> {
  readonly seed: number;
  readonly server: Server;
  /** Where the gateway finds ZooKeeper, when a bad network is in between. */
  readonly gatewayAddress?: string;
  /** Folder in which PostgreSQL makes its own. */
  readonly databaseWithin?: string;
  /** Folder in which the gateway makes its own. */
  readonly gatewayWithin?: string;
}

/** A database, a ZooKeeper, a console and a gateway, and what has to hold between them. */
export class Lane<Server extends TestClients = TestClients> {
  /** Of the round that is run: what faults draw from. */
  random: Random;
  readonly server: Server;
  readonly database: TestDatabase;
  readonly editor: Editor;
  readonly gateway: GatewayChild;
  readonly zk: ZooKeeper;
  /** What did not hold, since `takeFailures`. */
  readonly failures: string[] = [];
  /** How long ZooKeeper took after each fault, from when a console led, ms. */
  readonly convergedMs: number[] = [];
  readonly #records: RecordCheck;
  readonly #watch: RevisionWatch;
  #spare: ConsoleChild = loadConsole();
  #consoles: ConsoleChild[] = [];
  #started = 0;

  private constructor({ seed, server, gatewayAddress, gatewayWithin }: LaneOptions<Server>, database: TestDatabase) {
    this.random = new Random(seed);
    this.server = server;
    this.database = database;
    // Its own: how many edits fit in a round is a question of time, and faults must not depend on that.
    this.editor = new Editor(new Random(~seed), database.database);
    this.#records = new RecordCheck(database.database);
    this.zk = server.connect({ sessionTimeoutMs: 4000 });
    this.#watch = server.owns(watchRevisions(this.zk, ROOT, GATEWAY_ID, quietLog));
    this.gateway = openGatewayChild({
      id: GATEWAY_ID,
      zookeeper: gatewayAddress ?? server.address,
      root: ROOT,
      within: gatewayWithin,
    });
  }

  /** Starts the database, and a gateway; the server has to run. */
  static async open<Server extends TestClients>(options: LaneOptions<Server>): Promise<Lane<Server>> {
    const lane = new Lane(options, await startTestDatabase(options.databaseWithin));
    await lane.gateway.start();
    return lane;
  }

  /**
   * Starts a console, which takes part from then on; `address`: where it finds ZooKeeper, when not where all do;
   * `databaseUrl`: where it finds PostgreSQL, when a bad network is in between.
   */
  startConsole(
    failpoint: ArmedFailpoint | null = null,
    address: string = this.server.address,
    databaseUrl: string = this.database.url,
  ): ConsoleChild {
    const next = this.#spare;
    this.#spare = loadConsole();
    this.#started += 1;
    next.start({
      consoleId: `console-${this.#started}`,
      databaseUrl,
      zookeeper: address,
      root: ROOT,
      sessionTimeoutMs: SESSION_MS,
      fullPassMs: FULL_PASS_MS,
      failpoint,
    });
    this.#consoles.push(next);
    return next;
  }

  /** From here on faults are drawn for round `index` of the run with this seed. */
  beginRound(seed: number, index: number): void {
    this.random = new Random(Math.imul(seed + 1, ROUND_FACTOR) + index);
  }

  /** Kills a console, and waits for its end. */
  async killConsole(running: ConsoleChild): Promise<void> {
    running.kill("SIGKILL");
    await running.exited;
  }

  /** Waits until one of these consoles leads and the others know; returns it. */
  async leaderOf(consoles: readonly ConsoleChild[]): Promise<ConsoleChild> {
    let leading: ConsoleChild | undefined;
    await eventually(
      "one console leads, and all know which",
      async () => {
        const reports = await Promise.all(consoles.map((child) => child.report()));
        leading = consoles.find((_, index) => reports[index]?.isLeader === true);
        const isAgreed = new Set(reports.map((report) => report?.leader ?? null)).size === 1;
        return isAgreed && reports.filter((report) => report?.isLeader === true).length === 1;
      },
      PATIENCE_MS,
    );
    if (leading === undefined) throw new Error("no console leads");
    return leading;
  }

  /**
   * Checks all there is to check after a fault, and notes what does not hold. `what` names the fault; `consoles` are all
   * that run.
   */
  async check(what: string, consoles: readonly ConsoleChild[]): Promise<void> {
    const found = (problems: readonly string[]): void =>
      void this.failures.push(...problems.map((problem) => `after ${what}: ${problem}`));
    for (const gone of this.#consoles.filter(
      (child) => child.ending() !== null && child.ending()?.signal !== "SIGKILL",
    ))
      found([`a console ended by itself: ${gone.said()}`]);
    this.#consoles = this.#consoles.filter((child) => child.ending() === null);
    try {
      const leader = await this.leaderOf(consoles);
      await this.editor.askAgain(leader);
      await this.#everythingIsOver();
      const { projection, problems } = await this.#records.check(this.editor.takeAttempts());
      found(problems);
      await this.#converged(projection);
      await this.#isAtRest(consoles);
    } catch (error) {
      const reports = await Promise.all(consoles.map((child) => child.report()));
      found([`${error instanceof Error ? error.message : String(error)}; the consoles say ${JSON.stringify(reports)}`]);
    }
    found(this.#watch.takeProblems());
  }

  /** Forced states that end by themselves have ended, which is an edit of the leader's own. */
  async #everythingIsOver(): Promise<void> {
    await eventually("no override is about to end", async () => {
      const overrides = await this.database.database.read((db) => listPolicies(db, "overrides"));
      return overrides.every(({ spec }) => spec.expiresAtMs === null);
    });
  }

  async #converged(projection: Projection): Promise<void> {
    const fromMs = performance.now();
    await eventually(
      "ZooKeeper is what the database says",
      async () => thrown(differenceInTree(await readTree(this.zk, ROOT), projection)),
      PATIENCE_MS,
    );
    this.convergedMs.push(performance.now() - fromMs);
    await eventually(
      "the gateway has in force what the database says",
      async () => thrown(differenceInGateway(await this.gateway.config(), projection)),
      PATIENCE_MS,
    );
  }

  /** Nothing differs any more: a comparison of everything writes nothing. */
  async #isAtRest(consoles: readonly ConsoleChild[]): Promise<void> {
    const { written } = await readTree(this.zk, ROOT);
    const pass = await this.fullPass(consoles);
    const now = await readTree(this.zk, ROOT);
    if (pass.writes > 0 || now.written !== written)
      throw new Error("a pass over what was equal already wrote something");
  }

  /** Has the leader compare everything, and resolves to what came of it. Another one may come to lead meanwhile. */
  async fullPass(consoles: readonly ConsoleChild[]): Promise<FullPass> {
    // By each console's own clock, which need not be ours.
    const asked = new Map<ConsoleChild, number>();
    return eventually(
      "a full pass",
      async () => {
        for (const child of consoles) {
          const report = await child.report();
          if (report?.isLeader !== true) continue;
          if (!asked.has(child)) child.compareAll();
          const askedAtMs = asked.get(child) ?? report.nowMs;
          asked.set(child, askedAtMs);
          if (report.halted !== "") throw new Error(`publishing is halted: ${report.halted}`);
          const { lastFullPass: pass } = report;
          // Rounded to milliseconds, twice; one that was under way before does not count.
          if (pass !== null && pass.atMs - pass.tookMs + 2 >= askedAtMs) return pass;
        }
        return null;
      },
      PATIENCE_MS,
    );
  }

  /** What the gateway acknowledges next may be older: its disk lost something. Its last acknowledgement has to be gone. */
  gatewayLostItsDisk(): void {
    this.#watch.gatewayLostItsDisk();
  }

  /** ZooKeeper, which is down just now, starts with older data. */
  zooKeeperWentBack(): void {
    this.#watch.zooKeeperWentBack();
  }

  takeFailures(): readonly string[] {
    return this.failures.splice(0);
  }

  async close(): Promise<void> {
    for (const child of [...this.#consoles, this.#spare]) await this.killConsole(child);
    await this.gateway.stop();
    await this.server.close();
    await this.database.stop();
  }
}

/** For `eventually`, which tells the last thing thrown. */
function thrown(difference: string): true {
  if (difference !== "") throw new Error(difference);
  return true;
}
