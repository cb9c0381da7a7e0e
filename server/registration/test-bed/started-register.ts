import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** The repository, with a slash at its end. */
export const HOME = fileURLToPath(new URL("../../..", import.meta.url));
export const SMALL_SERVICE = fileURLToPath(new URL("small-service.ts", import.meta.url));

/** Ways to type the command. */
export const BY = {
  /** The process itself, without its launcher. */
  itself: [process.execPath, `${HOME}server/main/register.ts`],
  launcher: [process.execPath, `${HOME}launch/bootstrap.mjs`, "register"],
  npx: ["npx", "--no-install", "meshkeeper", "register"],
  npm: ["npm", "run", "--silent", "register", "--"],
} as const;

/** A `register` that runs. */
export interface StartedRegister {
  readonly child: ChildProcess;
  /** All it and its command printed so far. */
  said(): string;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  /** Pid of the small service, once it serves. */
  servicePid(): number;
}

/** Starts `register` with these words; in the repository's folder, unless told otherwise. */
export function startRegister(by: readonly string[], words: readonly string[], cwd = HOME): StartedRegister {
  const [program = "", ...args] = [...by, ...words];
  const child = spawn(program, args, {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  return {
    child,
    said: () => said,
    ended: once(child, "exit").then(() => child.exitCode ?? child.signalCode),
    servicePid: () => Number(/serving in .* as (\d+)/.exec(said)?.[1] ?? Number.NaN),
  };
}
