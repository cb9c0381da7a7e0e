import { createParser, type EventSourceMessage } from "eventsource-parser";
import { z } from "zod";
import type { LinkStatus } from "#domain/link-status.ts";
import { backoffMs, pause, type BackoffOptions } from "#platform/backoff.ts";
import type { Clock } from "#platform/clock.ts";
import type { Log } from "#platform/log.ts";
import { MalformedWindow } from "./packed-numbers.ts";
import type { ReceivedWindow } from "./received-window.ts";
import { PackedDecoder, PlainDecoder, type WindowDecoder } from "./window-decoder.ts";

/** The last window that was handed on: which run of the gateway, and its place in it. */
export interface StreamPosition {
  readonly run: string;
  readonly sequence: number;
}

export interface TelemetryReaderOptions {
  readonly gatewayId: string;
  /** Base address of the admin listener; asked before every attempt, since a gateway may come back elsewhere. */
  readonly adminUrl: () => string;
  /** Where an earlier reader of the same gateway got to; null: everything the gateway still has is wanted. */
  readonly from?: StreamPosition | null;
  /** What a connection's greeting said: which run of the gateway it is, and what its clock shows (Unix epoch, ms). */
  readonly onGreeting?: (run: string, nowMs: number) => void;
  readonly onWindow: (window: ReceivedWindow) => void;
  /** Windows that the gateway no longer had when they were asked for. */
  readonly onLost: (windows: number) => void;
  /** How long to wait before connecting anew; 250 ms to 5 s unless told. */
  readonly backoff?: BackoffOptions;
  readonly clock: Clock;
  readonly log: Log;
}

/** A gateway closes a window every second; silence for this long means the stream is dead, ms. */
const SILENCE_MS = 5000;
const GRACE_MS = 500;
const BACKOFF = { firstMs: 250, maxMs: 5000 };
/** Guards the console's memory against a stream that never ends a line, characters. */
const MAX_EVENT = 32 * 1024 * 1024;

/**
 * Gateways before format 2 do not say which they speak, nor what time it is. A run is named in the database's keys, so that
 * it must be short, and plain text.
 */
const Hello = z.object({
  run: z.string().regex(/^[\x20-\x7e]{1,100}$/),
  oldest: z.int(),
  latest: z.int(),
  format: z.int().default(1),
  nowMs: z.number().min(0).max(8.64e15).optional(),
});

/** Follows one gateway's telemetry stream until it is stopped: resumes where it was, and hands on each window once. */
export class TelemetryReader {
  readonly #options: TelemetryReaderOptions;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #at: StreamPosition | null;
  /** Of the connection, as its greeting said. */
  #currentRun = "";
  #decoder: WindowDecoder = new PlainDecoder();
  #status: LinkStatus;

  constructor(options: TelemetryReaderOptions) {
    this.#options = options;
    this.#at = options.from ?? null;
    this.#status = { state: "connecting", sinceMs: options.clock.nowMs(), problem: "Not connected yet." };
    this.#running = this.#run();
  }

  status(): LinkStatus {
    return this.#status;
  }

  /** Null before the first window. */
  position(): StreamPosition | null {
    return this.#at;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        await this.#follow(() => (attempt = 0));
        this.#down("It ended the stream.");
      } catch (error) {
        this.#down(problemOf(error));
        this.#options.log.debug({ gateway: this.#options.gatewayId, err: error }, "telemetry stream failed");
      }
      await pause(backoffMs(attempt, this.#options.backoff ?? BACKOFF), signal);
    }
  }

  /** One connection, from request to end. Rejects when it fails or falls silent. */
  async #follow(onProgress: () => void): Promise<void> {
    const connection = new AbortController();
    const silence = new Silence(() => connection.abort(new Error("It sent nothing for 5 s.")));
    const signal = AbortSignal.any([connection.signal, this.#stop.signal]);
    try {
      const response = await fetch(this.#address(), {
        signal,
        headers: { accept: "text/event-stream" },
        redirect: "error",
      });
      if (!response.ok || response.body === null) throw new Error(`It answered with status ${response.status}.`);
      const parser = createParser({
        maxBufferSize: MAX_EVENT,
        onEvent: (event) => {
          this.#take(event);
          silence.broken();
          onProgress();
        },
        onError: (error) => connection.abort(error),
      });
      for await (const text of response.body.pipeThrough(new TextDecoderStream())) parser.feed(text);
    } finally {
      silence.stop();
      connection.abort();
    }
  }

  #address(): string {
    const url = new URL("telemetry", `${this.#options.adminUrl().replace(/\/$/, "")}/`);
    url.searchParams.set("format", "2");
    if (this.#at !== null) {
      url.searchParams.set("run", this.#at.run);
      url.searchParams.set("after", String(this.#at.sequence));
    }
    return url.toString();
  }

  #take(event: EventSourceMessage): void {
    if (event.event === "hello") this.#greet(Hello.parse(JSON.parse(event.data)));
    // What was on its way already when it was stopped is another reader's to fetch.
    if (event.event !== "window" || this.#stop.signal.aborted) return;
    let window;
    try {
      window = this.#decoder.read(event.data);
    } catch (error) {
      return this.#skip(event.id, error);
    }
    this.#takeWindow(window);
  }

  /** Passes over a window that cannot be read: asking for it again and again would stop the stream for good. */
  #skip(id: string | undefined, error: unknown): void {
    const sequence = z.coerce.number().int().parse(id);
    this.#options.log.warn(
      { gateway: this.#options.gatewayId, sequence, err: error },
      "cannot read a telemetry window",
    );
    if (this.#at?.run === this.#currentRun && sequence <= this.#at.sequence) throw error;
    this.#options.onLost(1);
    this.#at = { run: this.#currentRun, sequence };
    // It may have named series that later windows are told by; a new connection names them again.
    if (!this.#decoder.independent) throw error;
  }

  #greet(hello: z.infer<typeof Hello>): void {
    this.#status = { state: "up", sinceMs: this.#options.clock.nowMs(), problem: "" };
    this.#currentRun = hello.run;
    if (hello.nowMs !== undefined) this.#options.onGreeting?.(hello.run, hello.nowMs);
    this.#decoder = hello.format === 2 ? new PackedDecoder() : new PlainDecoder();
    if (this.#at === null || this.#at.run === hello.run) return;
    // The gateway was started anew: what it dropped from its buffer since is lost, what it still has will come.
    this.#at = { run: hello.run, sequence: 0 };
  }

  #takeWindow(window: ReceivedWindow): void {
    const { onLost, onWindow, gatewayId } = this.#options;
    if (window.gatewayId !== gatewayId) throw new Error(`It is ${window.gatewayId}, not ${gatewayId}.`);
    if (window.run !== this.#currentRun) throw new Error("It sent a window of another run than it said.");
    if (this.#at?.run === window.run) {
      if (window.sequence <= this.#at.sequence) return;
      if (window.sequence > this.#at.sequence + 1) onLost(window.sequence - this.#at.sequence - 1);
    }
    this.#at = { run: window.run, sequence: window.sequence };
    onWindow(window);
  }

  #down(problem: string): void {
    if (this.#status.state !== "down") this.#status = { state: "down", sinceMs: this.#options.clock.nowMs(), problem };
    else this.#status = { ...this.#status, problem };
  }
}

/** Notices when nothing comes any more. */
class Silence {
  readonly #onSilence: () => void;
  #timer: NodeJS.Timeout;

  constructor(onSilence: () => void) {
    this.#onSilence = onSilence;
    this.#timer = this.#listen();
  }

  broken(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#listen();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** A console that was busy for longer finds its timers due before it has read what came meanwhile: it reads first. */
  #listen(): NodeJS.Timeout {
    return setTimeout(() => {
      this.#timer = setTimeout(this.#onSilence, GRACE_MS);
    }, SILENCE_MS - GRACE_MS);
  }
}

function problemOf(error: unknown): string {
  if (error instanceof z.ZodError) return "It sent something that is not a window of this version.";
  if (error instanceof MalformedWindow) return `It sent a window that cannot be read: ${error.message}`;
  if (error instanceof SyntaxError) return "It sent something that is not JSON.";
  if (!(error instanceof Error)) return "The stream failed.";
  // fetch says only "fetch failed"; the reason is in the cause.
  const cause = error.cause instanceof Error && error.cause.message !== "" ? error.cause : error;
  return "code" in cause && cause.code === "ECONNREFUSED" ? "It cannot be reached." : cause.message;
}
