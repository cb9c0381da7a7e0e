import type { ServerResponse } from "node:http";
import type { TrafficWindow } from "#domain/traffic.ts";
import { pause } from "#platform/backoff.ts";
import type { Clock } from "#platform/clock.ts";
import type { Part } from "#platform/lifecycle.ts";
import { GatewayFrames, Told, type KeptWindow } from "./gateway-frames.ts";

/** Ten minutes. */
const KEEP_WINDOWS = 600;
/** Enough for two minutes of the largest windows one process makes (5,000 edges, 500 breakers). */
const KEEP_BYTES = 64 * 1024 * 1024;
/** A reader that has taken nothing for this long is cut off; it resumes where it was when it comes back. */
const STALLED_MS = 30_000;
const MAX_READERS = 32;
/** How long readers have for what is left of a gateway that stops, ms. */
const FAREWELL_MS = 1000;

interface Reader {
  readonly response: ServerResponse;
  readonly format: StreamFormat;
  readonly told: Told;
  /** Sequence of the next window to send. */
  next: number;
  waiting: boolean;
  progressMs: number;
}

/** 1: every window a JSON document with all names. 2: series named once per connection, edges packed (docs/telemetry.md). */
export type StreamFormat = 1 | 2;

/** Which windows a reader wants: those after `after`, when it knows this run of the gateway; else all that are kept. */
export interface ReadFrom {
  readonly run: string | null;
  readonly after: number | null;
  /** 1 unless told. */
  readonly format?: StreamFormat;
}

/** What is kept for readers that come back. */
export interface StreamBuffer {
  readonly windows: number;
  readonly bytes: number;
  /** Windows that made room before their ten minutes were over, since the start. */
  readonly evicted: number;
  /** Windows that readers were too slow to be sent, since the start. */
  readonly skipped: number;
}

/** What a query asks of the stream; what cannot be read counts as not said. */
export function readFromQuery(query: URLSearchParams): ReadFrom {
  const after = query.get("after");
  return {
    run: query.get("run"),
    after: after !== null && /^\d{1,15}$/.test(after) ? Number(after) : null,
    format: query.get("format") === "2" ? 2 : 1,
  };
}

/**
 * The last 600 windows (or 64 MiB), and the readers that follow them as server-sent events. A reader is sent only what
 * its connection takes: one that is slow waits in the ring, and loses windows (a gap in the sequence shows it) rather
 * than have them pile up here.
 */
export class GatewayStream implements Part {
  readonly name = "telemetry stream";
  readonly #run: string;
  readonly #clock: Clock;
  readonly #frames = new GatewayFrames();
  readonly #ring: KeptWindow[] = [];
  readonly #readers = new Set<Reader>();
  #bytes = 0;
  #evicted = 0;
  #skipped = 0;
  #stopped = false;

  /** `clock` is the one that windows end by. */
  constructor(run: string, clock: Clock) {
    this.#run = run;
    this.#clock = clock;
  }

  get readers(): number {
    return this.#readers.size;
  }

  get buffer(): StreamBuffer {
    return { windows: this.#ring.length, bytes: this.#bytes, evicted: this.#evicted, skipped: this.#skipped };
  }

  /** Keeps a window, and sends it to the readers that are up to date. */
  publish(window: TrafficWindow): void {
    const kept = this.#frames.keep(window, this.#oldest());
    this.#ring.push(kept);
    this.#bytes += kept.bytes;
    while (this.#ring.length > KEEP_WINDOWS || (this.#bytes > KEEP_BYTES && this.#ring.length > 1)) {
      if (this.#ring.length <= KEEP_WINDOWS) this.#evicted += 1;
      this.#bytes -= this.#ring.shift()?.bytes ?? 0;
    }
    for (const reader of this.#readers) {
      if (!reader.waiting) this.#send(reader);
      else if (this.#clock.monotonicMs() - reader.progressMs > STALLED_MS) reader.response.destroy();
    }
  }

  /** Answers a request with the stream. Returns false, having sent nothing, when there are too many readers. */
  attach(response: ServerResponse, from: ReadFrom): boolean {
    if (this.#readers.size >= MAX_READERS) return false;
    const known = from.run === this.#run && from.after !== null;
    const { format = 1 } = from;
    const reader: Reader = {
      response,
      format,
      told: new Told(),
      next: known ? (from.after ?? 0) + 1 : this.#oldest(),
      waiting: false,
      progressMs: this.#clock.monotonicMs(),
    };
    response.writeHead(200, {
      "content-type": "text/event-stream;charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    });
    const hello = {
      run: this.#run,
      oldest: this.#oldest(),
      latest: this.#latest(),
      format,
      nowMs: this.#clock.nowMs(),
    };
    response.write(`event: hello\ndata: ${JSON.stringify(hello)}\n\n`);
    response.on("drain", () => {
      reader.waiting = false;
      this.#send(reader);
    });
    response.on("close", () => this.#readers.delete(reader));
    this.#readers.add(reader);
    this.#send(reader);
    return true;
  }

  /** Ends every reader's stream behind the latest window; one that does not take them in time is cut off. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const ends = [...this.#readers].map(
      ({ response }) => new Promise<void>((resolve) => response.once("close", () => resolve())),
    );
    for (const reader of this.#readers) this.#send(reader);
    await Promise.race([Promise.all(ends), pause(FAREWELL_MS)]);
    for (const { response } of this.#readers) response.destroy();
  }

  #oldest(): number {
    return this.#ring[0]?.sequence ?? 1;
  }

  #latest(): number {
    return this.#ring.at(-1)?.sequence ?? 0;
  }

  #send(reader: Reader): void {
    const oldest = this.#oldest();
    if (reader.next < oldest) {
      this.#skipped += oldest - reader.next;
      reader.next = oldest;
    }
    reader.progressMs = this.#clock.monotonicMs();
    while (!reader.waiting && reader.next <= this.#latest()) {
      const kept = this.#ring[reader.next - oldest];
      if (kept === undefined) return;
      reader.next += 1;
      const { response, format, told } = reader;
      const frame = format === 2 ? this.#frames.packedFrame(kept, told) : this.#frames.plainFrame(kept);
      reader.waiting = !response.write(frame);
    }
    if (this.#stopped && reader.next > this.#latest()) reader.response.end();
  }
}
