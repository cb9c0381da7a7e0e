import { migrate } from "#db/migrate.ts";
import { backoffMs, pause } from "#platform/backoff.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";

export interface Preparation extends Part {
  /** Why the tables are not there yet; empty once they are. */
  problem(): string;
  /** Resolves once they are; never when it is stopped before. */
  readonly done: Promise<void>;
}

const BACKOFF = { firstMs: 250, maxMs: 5000 };

/** Makes the database's tables, as soon as it answers and for as long as that takes. */
export function prepareDatabase(url: string, log: Log): Preparation {
  const stopping = new AbortController();
  const done = Promise.withResolvers<void>();
  let problem = "Its tables are being made.";

  async function run(): Promise<void> {
    for (let attempt = 0; !stopping.signal.aborted; attempt += 1) {
      try {
        await migrate({ url, log });
        problem = "";
        done.resolve();
        return;
      } catch (error) {
        const now = problemOf(error);
        if (now !== problem) log.warn({ err: error }, "the database is not ready");
        problem = now;
      }
      await pause(backoffMs(attempt, BACKOFF), stopping.signal);
    }
  }

  const running = run();
  return {
    name: "database preparation",
    problem: () => problem,
    done: done.promise,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** For people. A refused connection to a name with several addresses is an error without words. */
function problemOf(error: unknown): string {
  return error instanceof Error && error.message !== "" ? error.message : "It cannot be reached.";
}
