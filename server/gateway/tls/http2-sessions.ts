import { constants, createServer, type Http2Server, type ServerHttp2Session } from "node:http2";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { Clock } from "#platform/clock.ts";

export interface Http2Options {
  readonly onRequest: (request: Http2ServerRequest, response: Http2ServerResponse) => void;
  /** How long a connection may be silent without a request under way, ms. */
  readonly idleMs: number;
  readonly clock: Clock;
}

const MAX_STREAMS = 100;
/** As HTTP/1.1's heads. */
const MAX_HEADER_BYTES = 16 * 1024;
/** 100 fields and the pseudo fields. */
const MAX_HEADER_PAIRS = 104;
/** Requests a client may take back at once, and for how many each second more: browsers do, when a page is left. */
const RESETS_BURST = 200;
const RESETS_PER_SECOND = 20;

/** The HTTP/2 connections of a listener. */
export class Http2Sessions {
  readonly #server: Http2Server;
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #options: Http2Options;

  constructor(options: Http2Options) {
    this.#options = options;
    this.#server = createServer({
      settings: { maxConcurrentStreams: MAX_STREAMS, maxHeaderListSize: MAX_HEADER_BYTES, enablePush: false },
      maxHeaderListPairs: MAX_HEADER_PAIRS,
    });
    this.#server.on("session", (session) => this.#open(session));
    const onRequest: Http2Options["onRequest"] = (request, response) => {
      // Of a request that was taken back already nothing more would be heard, so it would be under way for ever.
      if (!request.stream.aborted && !request.stream.closed) options.onRequest(request, response);
    };
    this.#server.on("request", onRequest);
    this.#server.on("checkContinue", onRequest);
    this.#server.on("sessionError", () => undefined);
    this.#server.on("timeout", () => undefined);
  }

  /** Takes a connection whose client has chosen HTTP/2. */
  take(socket: NodeJS.EventEmitter): void {
    this.#server.emit("connection", socket);
  }

  /** Tells clients to send no more; what is under way ends first. */
  goAway(): void {
    for (const session of this.#sessions) session.close();
  }

  stop(): void {
    for (const session of this.#sessions) session.destroy();
  }

  #open(session: ServerHttp2Session): void {
    const { clock, idleMs } = this.#options;
    this.#sessions.add(session);
    session.on("close", () => this.#sessions.delete(session));
    let underWay = 0;
    session.setTimeout(idleMs);
    session.on("timeout", () => {
      if (underWay === 0) session.close();
    });
    let resets = 0;
    let calmed = false;
    let sinceMs = clock.monotonicMs();
    session.on("stream", (stream) => {
      const takeBack = (): void => {
        const nowMs = clock.monotonicMs();
        resets = Math.max(0, resets - ((nowMs - sinceMs) * RESETS_PER_SECOND) / 1000) + 1;
        sinceMs = nowMs;
        // Requests that are taken back at once cost us a call each and the client nothing (CVE-2023-44487).
        if (calmed || resets <= RESETS_BURST) return;
        calmed = true;
        session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM);
        // Once that is written: a connection that is destroyed says nothing more.
        setImmediate(() => session.destroy());
      };
      underWay += 1;
      stream.on("close", () => {
        underWay -= 1;
        // Also when it had an answer by then. Internal errors are ours; clients that claim them meet Node's own limit.
        const { rstCode } = stream;
        if (rstCode !== constants.NGHTTP2_NO_ERROR && rstCode !== constants.NGHTTP2_INTERNAL_ERROR) takeBack();
      });
    });
  }
}
