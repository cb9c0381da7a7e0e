import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { z } from "zod";
import type { Tools } from "./debian-tools.ts";

/** Where a program runs: `load` also holds the services; `any` leaves it to the kernel. */
export type Place = "load" | "proxy" | "any";

export interface Running {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  /** Ends it and waits until it has ended. */
  stop(): Promise<void>;
}

const CORES: Readonly<Record<Place, string | null>> = { load: "0", proxy: "1", any: null };
const START_MS = 60_000;
const STOP_MS = 5000;
const OUTPUT_BYTES = 16 * 1024 * 1024;

const run = promisify(execFile);

/** Starts programs on their cores and sees to it that none is left behind. */
export class Lab {
  readonly tools: Tools;
  /** For configurations and other files; gone afterwards. */
  readonly folder = mkdtempSync(join(tmpdir(), "meshkeeper-bench-"));
  readonly #running = new Set<Running>();
  readonly #children = new Set<ChildProcess>();

  constructor(tools: Tools) {
    this.tools = tools;
    // However the bench ends: children outlive their parent otherwise.
    process.on("exit", () => {
      for (const child of this.#children) child.kill("SIGTERM");
      rmSync(this.folder, { recursive: true, force: true });
    });
  }

  get pins(): boolean {
    return this.tools.taskset !== undefined && availableParallelism() > 1;
  }

  /** The command line that runs a program at a place. */
  #commandAt(place: Place, program: string, args: readonly string[]): [string, string[]] {
    const core = CORES[place];
    const { taskset } = this.tools;
    return core === null || taskset === undefined || !this.pins
      ? [program, [...args]]
      : [taskset, ["-c", core, program, ...args]];
  }

  /** Starts a program of bench/proxies, and waits until it says its port. `flags` are Node's. */
  async startScript(
    name: string,
    place: Place,
    args: readonly string[],
    flags: readonly string[] = [],
  ): Promise<Running> {
    const script = join(import.meta.dirname, "..", "proxies", `${name}.ts`);
    const child = this.#spawn(place, process.execPath, [...flags, script, ...args], "ipc");
    const port = await new Promise<number>((resolve, reject) => {
      child.once("message", (message) => resolve(z.int().parse(message)));
      child.once("exit", (code) => reject(new Error(`${name} ended with ${String(code)}.`)));
      setTimeout(() => reject(new Error(`${name} did not start.`)), START_MS).unref();
    });
    return this.#keep(name, port, child, () => child.disconnect());
  }

  /** Starts another program, and waits until it accepts connections on the port its configuration names. */
  async startServer(
    name: string,
    place: Place,
    program: string,
    args: readonly string[],
    port: number,
  ): Promise<Running> {
    const child = this.#spawn(place, program, args, "ignore");
    const giveUpAt = performance.now() + START_MS;
    while (!(await accepts(port))) {
      if (child.exitCode !== null || performance.now() > giveUpAt) throw new Error(`${name} did not start.`);
      await sleep(20);
    }
    return this.#keep(name, port, child, () => void child.kill("SIGTERM"));
  }

  /** Runs a program to its end; resolves to what it printed. */
  async output(place: Place, program: string, args: readonly string[]): Promise<string> {
    const [command, line] = this.#commandAt(place, program, args);
    const running = run(command, line, { maxBuffer: OUTPUT_BYTES });
    this.#adopt(running.child);
    return (await running).stdout;
  }

  async freePort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    if (typeof address !== "object" || address === null) throw new Error("There is no free port.");
    return address.port;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#running].map((running) => running.stop()));
  }

  #spawn(place: Place, program: string, args: readonly string[], channel: "ipc" | "ignore"): ChildProcess {
    const [command, line] = this.#commandAt(place, program, args);
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      NODE_ENV: "production",
      NODE_NO_WARNINGS: "1",
      TMPDIR: this.folder,
    };
    const child = spawn(command, line, { stdio: ["ignore", "inherit", "inherit", channel], env });
    this.#adopt(child);
    return child;
  }

  #adopt(child: ChildProcess): void {
    this.#children.add(child);
    child.once("exit", () => this.#children.delete(child));
  }

  /** A program is asked to end, and made to when it does not. */
  #keep(name: string, port: number, child: ChildProcess, ask: () => void): Running {
    const running: Running = {
      name,
      port,
      pid: child.pid ?? 0,
      stop: async () => {
        this.#running.delete(running);
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, "exit");
        ask();
        const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
        await ended;
        clearTimeout(timer);
      },
    };
    this.#running.add(running);
    return running;
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}
