import { spawn } from "node:child_process";
import { HOME } from "../home.ts";
import { signalGroup } from "../process-record.ts";

/** `npm start` in a terminal of its own. */
export interface TypedStart {
  /** All it printed so far. */
  output(): string;
  hasEnded(): boolean;
  /** What a terminal does: SIGINT to every process of the foreground group. */
  pressCtrlC(): void;
  kill(): void;
}

export function startAsTyped(environment: Readonly<Record<string, string | undefined>>): TypedStart {
  const child = spawn("npm", ["start"], {
    cwd: HOME,
    env: { ...process.env, ...environment },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed: string[] = [];
  let ended = false;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => printed.push(text));
  child.once("error", (error) => printed.push(error.message));
  child.once("close", () => (ended = true));
  const pid = child.pid ?? 0;
  return {
    output: () => printed.join(""),
    hasEnded: () => ended,
    pressCtrlC: () => void signalGroup(pid, "SIGINT"),
    kill: () => void signalGroup(pid, "SIGKILL"),
  };
}
