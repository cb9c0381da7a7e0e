import { existsSync, mkdirSync, openSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { backoffMs, pause } from "#platform/backoff.ts";
import { recordOf, removeRecord, writeRecord, type ProcessRecord } from "./process-record.ts";
import type { LogFile, RunningProcess } from "./running-process.ts";

export type PartName = "postgres" | "zookeeper" | "console" | "gateway" | "gateway-2" | "demo";
export type PartStatus = "down" | "starting" | "up" | "stopping" | "waiting-to-restart";

export interface PartOptions {
  readonly name: PartName;
  /** How people call it: "the console". */
  readonly title: string;
  readonly dataDir: string;
  readonly stopSignal?: ProcessRecord["stopSignal"];
  /** Starts it once and resolves when it is ready. */
  readonly run: (log: LogFile) => Promise<RunningProcess>;
  /** Start it again when it ends by itself. */
  readonly restart: boolean;
  /** What else to say when it is back, from what it says of itself. */
  readonly newsAfterRestart?: (facts: Readonly<Record<string, unknown>>) => string | null;
  /** One line for the person at the terminal. */
  readonly tell: (line: string) => void;
}

/** The first restart comes quickly; a part that keeps ending is tried every half a minute. */
const RESTART = { firstMs: 500, maxMs: 30_000 };
/** A part that ran this long before it ended is not one that keeps ending, ms. */
const STABLE_MS = 60_000;
const DEADLY: readonly NodeJS.Signals[] = ["SIGKILL", "SIGTERM", "SIGINT", "SIGQUIT", "SIGABRT"];

/** One part of the mesh that can be started, stopped and killed, and that comes back when it ends by itself. */
export class SupervisedPart {
  readonly name: PartName;
  readonly #options: PartOptions;
  readonly #log: LogFile;
  #status: PartStatus = "down";
  #running: RunningProcess | null = null;
  #facts: Readonly<Record<string, unknown>> = {};
  #logPath: string | null = null;
  #wanted = false;
  #restarting: AbortController | null = null;
  /** Restarts since it last ran for long: a part that comes up and dies at once must not do so every second. */
  #restarts = 0;
  #launching: Promise<void> | null = null;
  /** Settled when everything that follows the end of the running process is done. */
  #aftermath: Promise<void> = Promise.resolve();

  constructor(options: PartOptions) {
    this.name = options.name;
    this.#options = options;
    this.#log = logFile(options.dataDir, options.name);
  }

  get status(): PartStatus {
    return this.#status;
  }

  get title(): string {
    return this.#options.title;
  }

  /** Null when it keeps none, or was never up. */
  get logPath(): string | null {
    return this.#logPath;
  }

  /** Null while it is down. */
  get pid(): number | null {
    return this.#running?.pid ?? null;
  }

  /** What it said of itself when it was last ready. */
  get facts(): Readonly<Record<string, unknown>> {
    return this.#facts;
  }

  /** Starts it and resolves when it is ready; at once when it is up. @throws what its start throws; it is down then. */
  async start(): Promise<void> {
    if (this.#status === "up") return;
    this.#restarting?.abort();
    this.#wanted = true;
    try {
      await this.#launch();
    } catch (error) {
      this.#wanted = false;
      throw error;
    }
  }

  /** Resolves when it and everything it started are gone. It stays down until `start`. */
  async stop(): Promise<void> {
    this.#wanted = false;
    this.#restarting?.abort();
    // A start under way is waited for, so that nothing comes up after we said it is down.
    await this.#launching?.catch(() => undefined);
    if (this.#running !== null) {
      this.#status = "stopping";
      await this.#running.stop();
      await this.#aftermath;
    }
    this.#status = "down";
  }

  /**
   * Sends a signal. After a deadly one it resolves when the process is gone, and the part comes back by itself, unless
   * `stayDown`. After SIGSTOP, SIGCONT and the like it resolves at once.
   */
  async kill(signal: NodeJS.Signals, options: { readonly stayDown?: boolean } = {}): Promise<void> {
    if (options.stayDown === true) this.#wanted = false;
    const running = this.#running;
    if (running === null) return;
    running.kill(signal);
    if (DEADLY.includes(signal)) await this.#aftermath;
  }

  /** Kills it without waiting, for a launcher that is told to leave at once. */
  force(): void {
    this.#wanted = false;
    this.#restarting?.abort();
    this.#running?.kill("SIGKILL");
  }

  #launch(): Promise<void> {
    this.#launching ??= this.#launchOnce().finally(() => (this.#launching = null));
    return this.#launching;
  }

  async #launchOnce(): Promise<void> {
    this.#status = "starting";
    try {
      const running = await this.#options.run(this.#log);
      const startedAtMs = performance.now();
      this.#running = running;
      this.#facts = running.facts;
      this.#logPath = running.logPath;
      const record = recordOf(running.pid, this.#options.stopSignal);
      if (record !== null) writeRecord(this.#recordPath, record);
      this.#status = "up";
      this.#aftermath = running.exited.then((how) => this.#afterExit(how, performance.now() - startedAtMs));
    } catch (error) {
      this.#status = "down";
      throw error;
    }
  }

  #afterExit(how: string, livedMs: number): void {
    const { title, restart, tell } = this.#options;
    this.#running = null;
    removeRecord(this.#recordPath);
    this.#status = "down";
    if (!this.#wanted) return;
    if (livedMs >= STABLE_MS) this.#restarts = 0;
    if (restart) void this.#restart(how);
    else tell(`  ✗ ${title} ended (${how})${this.#whereToLook}`);
  }

  async #restart(how: string): Promise<void> {
    const { title, tell } = this.#options;
    const aborted = new AbortController();
    this.#restarting = aborted;
    for (let reason = how; this.#wanted && !aborted.signal.aborted;) {
      this.#status = "waiting-to-restart";
      const waitMs = backoffMs(this.#restarts, RESTART);
      this.#restarts += 1;
      tell(`  ! ${title} ended (${reason}); starting it again in ${(waitMs / 1000).toFixed(1)} s${this.#whereToLook}`);
      await pause(waitMs, aborted.signal);
      if (aborted.signal.aborted) return;
      try {
        await this.#launch();
        tell(`  ✓ ${title} is back`);
        const news = this.#options.newsAfterRestart?.(this.#facts) ?? null;
        if (news !== null) tell(news);
        return;
      } catch (error) {
        reason = error instanceof Error ? error.message.replace(/[.]?(?:\n[\s\S]*)?$/, "") : String(error);
      }
    }
  }

  get #whereToLook(): string {
    return this.#logPath === null ? "" : `. Its log: ${this.#logPath}`;
  }

  get #recordPath(): string {
    return recordPath(this.#options.dataDir, this.name);
  }
}

/** Where the record of a running part is kept, for a later start to find what outlived this one. */
export function recordPath(dataDir: string, name: string): string {
  return join(dataDir, "run", `${name}.json`);
}

/** Log of a part; that of the session before is kept beside it as `.1`. Restarts within a session append. */
function logFile(dataDir: string, name: string): LogFile {
  const path = join(dataDir, "logs", `${name}.log`);
  let isFirst = true;
  return {
    path,
    open: () => {
      mkdirSync(dirname(path), { recursive: true });
      if (isFirst && existsSync(path)) renameSync(path, `${path}.1`);
      isFirst = false;
      return openSync(path, "a");
    },
  };
}
