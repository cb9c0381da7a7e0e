import { spawn } from "node:child_process";
import { constants } from "node:os";

/** A program that was started for the person at the terminal. */
export interface RunningCommand {
  /** Its exit code; 128 + n when signal n ended it; 127 when it does not exist, 126 when it cannot be run. */
  readonly exited: Promise<number>;
  /** Undefined when it could not be started. */
  readonly pid: number | undefined;
  /** Sends it a signal; not to what it started itself. */
  kill(signal: NodeJS.Signals): void;
}

/**
 * Runs a program with this process's standard streams, environment and folder. It gets a session of its own, so that
 * Ctrl-C at a terminal reaches this process alone, which can withdraw the service first.
 */
export function runCommand(
  [program, ...args]: readonly [string, ...string[]],
  onProblem: (problem: string) => void,
): RunningCommand {
  const child = spawn(program, args, { stdio: "inherit", detached: true });
  const exited = new Promise<number>((resolve) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      // A signal that could not be delivered says nothing of the program.
      if (child.pid !== undefined) return;
      onProblem(
        error.code === "ENOENT" ? `There is no command ${program}.` : `${program} cannot be run: ${error.message}.`,
      );
      resolve(error.code === "ENOENT" ? 127 : 126);
    });
    child.once("exit", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
  return { exited, pid: child.pid, kill: (signal) => void child.kill(signal) };
}
