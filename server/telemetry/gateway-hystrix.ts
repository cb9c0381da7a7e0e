import type { ServerResponse } from "node:http";
import { commandMessage, dataLine, PING, poolMessage } from "#domain/hystrix-stream.ts";
import { HystrixWindows, type CommandFigures, type PoolFigures } from "#domain/hystrix-window.ts";
import type { TrafficWindow } from "#domain/traffic.ts";
import type { Clock } from "#platform/clock.ts";
import type { Part } from "#platform/lifecycle.ts";

/** Hystrix: hystrix.stream.dashboard.intervalInMilliseconds, and `?delay=` up to 1.5.3. */
const DELAY_MS = 500;
const MIN_DELAY_MS = 100;
const MAX_DELAY_MS = 60_000;
/** Hystrix: hystrix.config.stream.maxConcurrentConnections. */
const MAX_CLIENTS = 5;
/** A client that has taken nothing for this long is cut off. */
const STALLED_MS = 30_000;

/** As Hystrix's servlet answers; proxies in front are told not to collect it. */
const HEAD = {
  "content-type": "text/event-stream;charset=UTF-8",
  "cache-control": "no-cache, no-store, max-age=0, must-revalidate",
  pragma: "no-cache",
  "x-accel-buffering": "no",
};

interface Client {
  readonly response: ServerResponse;
  /** Its connection holds a round that it has not taken yet. */
  waiting: boolean;
  progressMs: number;
}

/** Clients that are sent a round at the same moment, and therefore the same text. */
interface Beat {
  readonly timer: NodeJS.Timeout;
  readonly clients: Set<Client>;
}

interface Figures {
  readonly commands: readonly CommandFigures[];
  readonly pools: readonly PoolFigures[];
}

/**
 * A gateway's `hystrix.stream`: every half a second one message for each command and each service, then a ping. A client
 * that is slow misses rounds; they do not pile up here.
 */
export class GatewayHystrix implements Part {
  readonly name = "hystrix stream";
  readonly #clock: Clock;
  readonly #windows = new HystrixWindows();
  /** By delay, ms. */
  readonly #beats = new Map<number, Beat>();
  /** Of the last window; null until somebody asks. */
  #figures: Figures | null = null;
  #stopped = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get clients(): number {
    return [...this.#beats.values()].reduce((sum, { clients }) => sum + clients.size, 0);
  }

  /** Takes the gateway's next window, of a second or so. */
  take(window: TrafficWindow): void {
    this.#windows.take(window.breakers);
    this.#figures = null;
  }

  /**
   * Answers a request with the stream, or with 503 in Hystrix's words when there are too many clients, or it was stopped.
   * `delay` is the query parameter: ms between rounds. `bodyless`: for HEAD.
   */
  attach(response: ServerResponse, { delay, bodyless }: { delay: string | null; bodyless: boolean }): void {
    if (this.#stopped) return refuse(response, "Service has been shut down.");
    if (bodyless) return void response.writeHead(200, HEAD).end();
    if (this.clients >= MAX_CLIENTS) return refuse(response, `MaxConcurrentConnections reached: ${MAX_CLIENTS}`);
    response.writeHead(200, HEAD);
    const client: Client = { response, waiting: false, progressMs: this.#clock.monotonicMs() };
    const delayMs = delayOf(delay);
    const beat = this.#beatAt(delayMs);
    beat.clients.add(client);
    response.on("drain", () => {
      client.waiting = false;
      client.progressMs = this.#clock.monotonicMs();
    });
    response.on("close", () => this.#leave(delayMs, beat, client));
    this.#send(client, this.#round());
  }

  /** Ends every client's stream; those that come later are refused. */
  stop(): Promise<void> {
    this.#stopped = true;
    for (const { timer, clients } of this.#beats.values()) {
      clearInterval(timer);
      for (const { response } of clients) response.end();
    }
    return Promise.resolve();
  }

  #beatAt(delayMs: number): Beat {
    const known = this.#beats.get(delayMs);
    if (known !== undefined) return known;
    const clients = new Set<Client>();
    const timer = setInterval(() => {
      const round = this.#round();
      for (const client of clients) this.#send(client, round);
    }, delayMs).unref();
    const beat = { timer, clients };
    this.#beats.set(delayMs, beat);
    return beat;
  }

  #leave(delayMs: number, beat: Beat, client: Client): void {
    beat.clients.delete(client);
    if (beat.clients.size > 0) return;
    clearInterval(beat.timer);
    this.#beats.delete(delayMs);
  }

  #send(client: Client, round: string): void {
    if (!client.waiting) {
      client.progressMs = this.#clock.monotonicMs();
      client.waiting = !client.response.write(round);
    } else if (this.#clock.monotonicMs() - client.progressMs > STALLED_MS) client.response.destroy();
  }

  #round(): string {
    const nowMs = this.#clock.nowMs();
    const { commands, pools } = (this.#figures ??= this.#sum());
    const messages = [
      ...commands.map((figures) => commandMessage(figures, nowMs)),
      ...pools.map((figures) => poolMessage(figures, nowMs)),
    ];
    return messages.map(dataLine).join("") + PING;
  }

  #sum(): Figures {
    const commands = this.#windows.commands();
    return { commands, pools: this.#windows.pools(commands) };
  }
}

/** Like Hystrix, takes the default for what is no number. */
function delayOf(text: string | null): number {
  if (text === null || !/^\d{1,9}$/.test(text)) return DELAY_MS;
  return Math.min(MAX_DELAY_MS, Math.max(MIN_DELAY_MS, Number(text)));
}

function refuse(response: ServerResponse, words: string): void {
  response.writeHead(503, { "content-type": "text/plain;charset=UTF-8", "cache-control": "no-store" }).end(words);
}
