import { get as getHttp, type IncomingMessage } from "node:http";
import { get as getHttps } from "node:https";
import { isIP } from "node:net";
import { HystrixLines } from "#domain/hystrix-lines.ts";
import type { LinkStatus } from "#domain/link-status.ts";
import type { AddressRules } from "#platform/address-rules.ts";
import { backoffMs, pause } from "#platform/backoff.ts";
import type { Clock } from "#platform/clock.ts";

export interface HystrixReaderOptions {
  readonly url: string;
  readonly rules: Pick<AddressRules, "check" | "lookup">;
  readonly onMessage: (message: unknown) => void;
  readonly clock: Clock;
  /** How long a stream may send nothing, ms; Hystrix sends twice a second. Default 10,000. */
  readonly silenceMs?: number;
  /** Waits between attempts; default 1 s to 30 s. */
  readonly backoff?: { readonly firstMs: number; readonly maxMs: number };
}

const SILENCE_MS = 10_000;
const BACKOFF = { firstMs: 1000, maxMs: 30_000 };
/** 500 commands of 3 KB twice a second are 3 MB: what sends more wants to keep us busy. */
const BYTES_PER_SECOND_MAX = 4 * 1024 * 1024;
const STREAM_TYPE = /^text\/event-stream(?:;|$)/i;

/** Follows one `hystrix.stream` until it is stopped. Only the address of `url` is connected to: redirects are an error. */
export class HystrixReader {
  readonly #options: HystrixReaderOptions;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #status: LinkStatus;
  #heardAtMs = 0;

  constructor(options: HystrixReaderOptions) {
    this.#options = options;
    this.#status = { state: "connecting", sinceMs: options.clock.nowMs(), problem: "Not connected yet." };
    this.#running = this.#run();
  }

  status(): LinkStatus {
    return this.#status;
  }

  /** Unix epoch, ms; 0 before anything was heard. */
  get heardAtMs(): number {
    return this.#heardAtMs;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      const before = this.#heardAtMs;
      try {
        await this.#follow();
        this.#down("It ended the stream.");
      } catch (error) {
        this.#down(problemOf(error));
      }
      if (this.#heardAtMs !== before) attempt = 0;
      await pause(backoffMs(attempt, this.#options.backoff ?? BACKOFF), signal);
    }
  }

  /** One connection, from request to end. Rejects when it fails or falls silent. */
  async #follow(): Promise<void> {
    const { silenceMs = SILENCE_MS } = this.#options;
    const connection = new AbortController();
    const silence = setTimeout(
      () => connection.abort(new Error(`It has sent nothing for ${silenceMs / 1000} s: the stream is lost.`)),
      silenceMs,
    );
    const signal = AbortSignal.any([connection.signal, this.#stop.signal]);
    try {
      const response = await this.#request(signal);
      const lines = new HystrixLines();
      const budget = new ByteBudget(this.#options.clock);
      // By hand: iteration would hide why the connection was given up.
      await new Promise<void>((resolve, reject) => {
        const decoder = new TextDecoder();
        response.on("data", (chunk: Buffer) => {
          silence.refresh();
          if (!budget.allows(chunk.length)) return connection.abort(new Error("It sends more than 4 MiB a second."));
          this.#heard();
          for (const message of lines.feed(decoder.decode(chunk, { stream: true }))) this.#options.onMessage(message);
        });
        response.on("end", resolve);
        response.on("error", (error) => reject(reasonOf(signal) ?? error));
        signal.addEventListener("abort", () => response.destroy(reasonOf(signal)), { once: true });
      });
    } finally {
      clearTimeout(silence);
      connection.abort();
    }
  }

  /** The stream's answer, once it is one. */
  #request(signal: AbortSignal): Promise<IncomingMessage> {
    const url = new URL(this.#options.url);
    const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
    const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
    if (isIP(host) !== 0 && !this.#options.rules.check(host, port))
      throw new Error(`${host}:${port} may not be connected to (CONSOLE_HYSTRIX_ALLOW).`);
    const send = url.protocol === "https:" ? getHttps : getHttp;
    return new Promise((resolve, reject) => {
      const request = send(
        url,
        {
          // A connection of its own: none is kept for the next.
          agent: false,
          signal,
          lookup: this.#options.rules.lookup(port),
          headers: { accept: "text/event-stream", "accept-encoding": "identity" },
        },
        (response) => {
          const problem = refusalOf(response);
          if (problem === "") return resolve(response);
          response.destroy();
          reject(new Error(problem));
        },
      );
      request.on("error", (error) => reject(reasonOf(signal) ?? error));
    });
  }

  #heard(): void {
    const nowMs = this.#options.clock.nowMs();
    this.#heardAtMs = nowMs;
    if (this.#status.state !== "up") this.#status = { state: "up", sinceMs: nowMs, problem: "" };
  }

  #down(problem: string): void {
    if (this.#status.state !== "down") this.#status = { state: "down", sinceMs: this.#options.clock.nowMs(), problem };
    else this.#status = { ...this.#status, problem };
  }
}

/** Counts what arrives within a second. */
class ByteBudget {
  readonly #clock: Clock;
  #sinceMs = Number.NEGATIVE_INFINITY;
  #bytes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  allows(bytes: number): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#sinceMs >= 1000) {
      this.#sinceMs = nowMs;
      this.#bytes = 0;
    }
    this.#bytes += bytes;
    return this.#bytes <= BYTES_PER_SECOND_MAX;
  }
}

/** Why an answer is no stream to be read; empty when it is one. */
function refusalOf({ statusCode = 0, headers }: IncomingMessage): string {
  if (statusCode >= 300 && statusCode < 400)
    return `It answered with status ${statusCode}; redirects are not followed.`;
  if (statusCode !== 200) return `It answered with status ${statusCode}.`;
  const type = headers["content-type"] ?? "";
  if (!STREAM_TYPE.test(type))
    return `It answered with ${type === "" ? "no content type" : type.slice(0, 80)}, and no event stream.`;
  const encoding = headers["content-encoding"] ?? "identity";
  return encoding === "identity"
    ? ""
    : `It answered in the encoding ${encoding.slice(0, 40)}, which was not asked for.`;
}

/** Why a connection was given up, when it was us. */
function reasonOf(signal: AbortSignal): Error | undefined {
  return signal.aborted && signal.reason instanceof Error ? signal.reason : undefined;
}

function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return "The stream failed.";
  const code = "code" in error ? error.code : "";
  if (code === "ECONNREFUSED") return "It cannot be reached: nothing listens there.";
  if (code === "ENOTFOUND") return "Its host name is not known.";
  if (code === "ECONNRESET") return "It broke the connection off.";
  if (code === "EACCES") return `${error.message} (CONSOLE_HYSTRIX_ALLOW).`;
  return error.message;
}
