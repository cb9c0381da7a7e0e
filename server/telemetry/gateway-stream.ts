import type { ServerResponse } from "node:http";
import type { TrafficWindow } from "#domain/traffic.ts";
import type { Part } from "#platform/lifecycle.ts";

const KEEP_WINDOWS = 600;
const KEEP_BYTES = 64 * 1024 * 1024;
/** A reader that has taken nothing for this long is cut off; it resumes where it was when it comes back. */
const STALLED_MS = 30_000;
const MAX_READERS = 32;

interface Kept {
  readonly sequence: number;
  readonly text: string;
}

interface Reader {
  readonly response: ServerResponse;
  /** Sequence of the next window to send. */
  next: number;
  waiting: boolean;
  progressMs: number;
}

/** Which windows a reader wants: those after `after`, when it knows this run of the gateway; else all that are kept. */
export interface ReadFrom {
  readonly run: string | null;
  readonly after: number | null;
}

/**
 * The last 600 windows (or 64 MiB), and the readers that follow them as server-sent events. A reader is sent only what
 * its connection takes: one that is slow waits in the ring, and loses windows (a gap in the sequence shows it) rather
 * than have them pile up here.
 */
export class GatewayStream implements Part {
  readonly name = "telemetry stream";
  readonly #run: string;
  readonly #nowMs: () => number;
  readonly #ring: Kept[] = [];
  readonly #readers = new Set<Reader>();
  #bytes = 0;

  /** `nowMs` is monotonic. */
  constructor(run: string, nowMs: () => number) {
    this.#run = run;
    this.#nowMs = nowMs;
  }

  get readers(): number {
    return this.#readers.size;
  }

  /** Keeps a window, and sends it to the readers that are up to date. */
  publish(window: TrafficWindow): void {
    const text = `event: window\nid: ${window.sequence}\ndata: ${JSON.stringify(window)}\n\n`;
    this.#ring.push({ sequence: window.sequence, text });
    this.#bytes += text.length;
    while (this.#ring.length > KEEP_WINDOWS || (this.#bytes > KEEP_BYTES && this.#ring.length > 1)) {
      this.#bytes -= this.#ring.shift()?.text.length ?? 0;
    }
    for (const reader of this.#readers) {
      if (!reader.waiting) this.#send(reader);
      else if (this.#nowMs() - reader.progressMs > STALLED_MS) reader.response.destroy();
    }
  }

  /** Answers a request with the stream. Returns false, having sent nothing, when there are too many readers. */
  attach(response: ServerResponse, from: ReadFrom): boolean {
    if (this.#readers.size >= MAX_READERS) return false;
    const known = from.run === this.#run && from.after !== null;
    const reader: Reader = {
      response,
      next: known ? (from.after ?? 0) + 1 : this.#oldest(),
      waiting: false,
      progressMs: this.#nowMs(),
    };
    response.writeHead(200, {
      "content-type": "text/event-stream;charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    });
    response.write(
      `event: hello\ndata: ${JSON.stringify({ run: this.#run, oldest: this.#oldest(), latest: this.#latest() })}\n\n`,
    );
    response.on("drain", () => {
      reader.waiting = false;
      this.#send(reader);
    });
    response.on("close", () => this.#readers.delete(reader));
    this.#readers.add(reader);
    this.#send(reader);
    return true;
  }

  /** Ends every reader's stream. */
  stop(): Promise<void> {
    for (const reader of this.#readers) reader.response.end();
    return Promise.resolve();
  }

  #oldest(): number {
    return this.#ring[0]?.sequence ?? 1;
  }

  #latest(): number {
    return this.#ring.at(-1)?.sequence ?? 0;
  }

  #send(reader: Reader): void {
    reader.next = Math.max(reader.next, this.#oldest());
    reader.progressMs = this.#nowMs();
    while (!reader.waiting && reader.next <= this.#latest()) {
      const kept = this.#ring[reader.next - this.#oldest()];
      if (kept === undefined) return;
      reader.next += 1;
      reader.waiting = !reader.response.write(kept.text);
    }
  }
}
