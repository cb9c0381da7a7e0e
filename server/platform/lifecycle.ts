import type { Log } from "./log.ts";

/** Something that runs until it is stopped. `stop` is called once, and must work after whatever it did so far. */
export interface Part {
  readonly name: string;
  stop(): Promise<void>;
}

/**
 * Starts parts one after another and stops them in reverse order, also when a later one failed to start.
 * A stop that throws is logged, and the rest are stopped all the same.
 */
export class Lifecycle {
  readonly #started: Part[] = [];
  readonly #log: Log;
  #stopping: Promise<void> | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Runs `start`, and remembers what it returned. On failure everything started before is stopped, then it throws. */
  async start<P extends Part>(start: () => P | Promise<P>): Promise<P> {
    try {
      const part = await start();
      this.#started.push(part);
      return part;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Stops everything, once, however often it is called. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll(): Promise<void> {
    for (const part of this.#started.toReversed()) {
      try {
        await part.stop();
        this.#log.debug({ part: part.name }, "stopped");
      } catch (error) {
        this.#log.error({ part: part.name, err: error }, "failed to stop");
      }
    }
  }
}
