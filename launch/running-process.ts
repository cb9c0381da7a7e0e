import { spawn } from "node:child_process";
import { closeSync, readFileSync } from "node:fs";
import { resolve as resolvePath } from "node:path";
import { pause } from "#platform/backoff.ts";
import { HOME } from "./home.ts";
import { LaunchError } from "./launch-error.ts";
import { endGroup, recordOf, signalGroup } from "./process-record.ts";

/** Something that runs as a process of its own. */
export interface RunningProcess {
  readonly pid: number;
  /** Where its output goes; null when it keeps none. */
  readonly logPath: string | null;
  /** What it said of itself when it was ready. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Resolves to how it ended ("SIGKILL", "exit code 1") once it has. */
  readonly exited: Promise<string>;
  /** Asks it to end in order, insists after a while, and resolves when it and everything it started are gone. */
  stop(): Promise<void>;
  /** Sends a signal to it and everything it started. */
  kill(signal: NodeJS.Signals): void;
}

export interface ProcessSpec {
  /** How people call it: "the console". */
  readonly title: string;
  /** Path of a TypeScript file, from the repository's folder. */
  readonly script: string;
  /** On top of the launcher's own; undefined takes a variable away. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** How long it may take until it says that it is ready, ms. */
  readonly readyMs: number;
  /** How long it may take to stop after SIGTERM, ms. */
  readonly stopMs: number;
}

/** Where the output of a process goes. */
export interface LogFile {
  readonly path: string;
  /** Opens it for appending; the caller closes it. */
  open(): number;
}

/**
 * Runs a TypeScript file as a child process and resolves when it says `{ ready: true, … }` over IPC. It must stop on
 * SIGTERM, and when the IPC channel closes. It leads a process group of its own, so that Ctrl-C in the terminal reaches
 * only the launcher, which stops the parts in its order.
 * @throws LaunchError with the end of its log when it ends before it is ready, or is not ready in time.
 */
export async function runProcess(spec: ProcessSpec, log: LogFile): Promise<RunningProcess> {
  const descriptor = log.open();
  const child = spawn(process.execPath, [resolvePath(HOME, spec.script)], {
    cwd: HOME,
    detached: true,
    env: { ...process.env, ...spec.environment },
    stdio: ["ignore", descriptor, descriptor, "ipc"],
  });
  closeSync(descriptor);
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  const ready = new Promise<Readonly<Record<string, unknown>>>((resolve) => {
    child.on("message", (message) => {
      if (typeof message === "object" && message !== null && "ready" in message) resolve({ ...message });
    });
  });
  const pid = child.pid ?? 0;
  const record = recordOf(pid);
  const end = async (): Promise<void> => (record === null ? undefined : endGroup(record, spec.stopMs));
  // Whatever it started must not outlive it, however it ended.
  const exited = ended.then(async (how) => end().then(() => how));
  const patience = new AbortController();
  const outcome = await Promise.race([
    ready,
    ended.then((how) => new LaunchError(`${capitalise(spec.title)} ended while starting (${how}).`)),
    pause(spec.readyMs, patience.signal).then(
      () => new LaunchError(`${capitalise(spec.title)} was not ready after ${spec.readyMs / 1000} s.`),
    ),
  ]);
  patience.abort();
  if (outcome instanceof LaunchError) {
    await end();
    throw new LaunchError(outcome.message, [`its log, ${log.path}, ends with:`, ...lastLines(log.path)]);
  }
  return {
    pid,
    logPath: log.path,
    facts: outcome,
    exited,
    stop: end,
    kill: (signal) => void signalGroup(pid, signal),
  };
}

const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function lastLines(path: string): string[] {
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  return lines.slice(-12).map((line) => (line.length > 400 ? `${line.slice(0, 400)}…` : line));
}
