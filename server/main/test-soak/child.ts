import { fork, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process of the soak's, spoken to over IPC. */
export interface Child {
  readonly pid: number;
  readonly exited: Promise<Ending>;
  /** Null while it runs. */
  ending(): Ending | null;
  /** What it wrote on standard error, the last part. */
  said(): string;
  /** A message to a process that is gone is lost, as its answer would be. */
  send(message: object): void;
  onMessage(listener: (message: unknown) => void): void;
  kill(signal: NodeJS.Signals): void;
  /** Whether SIGSTOP has taken hold. */
  isStopped(): boolean;
}

/** Compiled once for all the processes of a soak: starting is most of what a killed one costs. */
const COMPILED = join(tmpdir(), "meshkeeper-soak-compiled");

/** Starts `entry`, a file of this folder. */
export function startChild(entry: string): Child {
  const child: ChildProcess = fork(fileURLToPath(new URL(entry, import.meta.url)), {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    execArgv: [],
    env: { NODE_ENV: "production", PATH: process.env["PATH"] ?? "", NODE_COMPILE_CACHE: COMPILED },
  });
  let said = "";
  child.stderr?.on("data", (chunk) => (said = (said + String(chunk)).slice(-4000)));
  let ending: Ending | null = null;
  // `close`, not `exit`: answers that were sent before the end have been heard by then.
  const exited = new Promise<Ending>((resolve) =>
    child.once("close", (code, signal) => resolve((ending = { code, signal }))),
  );
  child.on("error", () => undefined);
  return {
    pid: child.pid ?? 0,
    exited,
    ending: () => ending,
    said: () => said,
    send(message) {
      if (child.connected) child.send(message, () => undefined);
    },
    onMessage: (listener) => void child.on("message", listener),
    kill: (signal) => void child.kill(signal),
    isStopped: () => stateOf(child.pid ?? 0) === "T",
  };
}

/** As in proc(5). */
function stateOf(pid: number): string {
  return readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*[)] /s, "")
    .charAt(0);
}
