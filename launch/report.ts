/** Tells the person at the terminal what is going on. */
export interface Report {
  /** Runs one step and tells its outcome and duration. `note` adds a few words to its line. Rejects as `run` does. */
  step<T>(title: string, run: (note: (words: string) => void) => Promise<T> | T): Promise<T>;
  line(text: string): void;
}

/** Where lines go; a part of process.stdout. */
export interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** `0.4 s`, `12.0 s`, `2 min 5 s`. */
export function formatDuration(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** A silent step says that it is still at it this often when it cannot redraw its line, ms. */
const HEARTBEAT_MS = 15_000;

/** Reports to a terminal, redrawing the running step's line; or, where that is not possible, line by line. */
export function reportTo(terminal: Terminal, nowMs: () => number = () => performance.now()): Report {
  const live = terminal.isTTY === true;
  const erase = live ? "\r\x1b[2K" : "";
  return {
    async step(title, run) {
      const startedMs = nowMs();
      let words = "";
      const text = (): string => `${title}${words === "" ? "" : `: ${words}`} (${formatDuration(nowMs() - startedMs)})`;
      if (live) terminal.write(`  … ${title}`);
      const heartbeat = setInterval(
        () => terminal.write(live ? `${erase}  … ${text()}` : `  … ${text()}\n`),
        live ? 250 : HEARTBEAT_MS,
      );
      try {
        const result = await run((next) => (words = next));
        terminal.write(`${erase}  ✓ ${text()}\n`);
        return result;
      } catch (error) {
        terminal.write(`${erase}  ✗ ${text()}\n`);
        throw error;
      } finally {
        clearInterval(heartbeat);
      }
    },
    line: (text) => void terminal.write(`${erase}${text}\n`),
  };
}
