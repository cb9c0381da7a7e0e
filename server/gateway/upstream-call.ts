import type { Dispatcher } from "undici";
import type { ErrorCode } from "#domain/errors.ts";
import type { CallOutcome } from "#domain/breaker.ts";
import type { Clock } from "#platform/clock.ts";
import type { Attempt } from "./attempt.ts";
import { Deadline, type DeadlineWheel } from "./deadline-wheel.ts";
import type { BodySink, Exchange, Reply, ReplyStream } from "./exchange.ts";
import { responseHeaders } from "./forward-headers.ts";
import { problem } from "./problem.ts";

/** A small answer is complete before anybody takes it; a large one is paused here. */
const HOLD_BYTES = 64 * 1024;
/** An answer nobody wants is read to its end up to here, to keep the connection; above, the connection is cut. */
const DRAIN_BYTES = 64 * 1024;

/** Reason given to undici when we end a call; never seen by anybody. Made once: an Error costs more than a request's routing. */
const ENDED = new Error("Call ended by the gateway");

export interface UpstreamCallOptions {
  readonly exchange: Exchange;
  readonly attempt: Attempt;
  readonly wheel: DeadlineWheel;
  readonly clock: Clock;
  /** Told once: an answer whose body is still to come, or a failure. */
  readonly onReply: (reply: Reply) => void;
}

/**
 * One call to an instance, from dispatch to last byte. Settles the attempt by itself only once a response head is in;
 * before that it answers with a failure and leaves it to the pipeline what that means.
 */
export class UpstreamCall implements Dispatcher.DispatchHandler, ReplyStream {
  readonly #options: UpstreamCallOptions;
  readonly #startedMs: number;
  readonly #deadline: Deadline;
  #controller: Dispatcher.DispatchController | null = null;
  #phase: "waiting" | "answering" | "over" = "waiting";
  #sink: BodySink | null = null;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #complete = false;
  #broken = false;
  #discarded = false;
  #bytes = 0;

  constructor(options: UpstreamCallOptions) {
    this.#options = options;
    this.#startedMs = options.clock.monotonicMs();
    this.#deadline = new Deadline(() => this.#expire());
  }

  /** Lets the time run: the call's own, but no longer than the request's. */
  begin(): void {
    this.#options.exchange.call = this;
    this.#arm();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#phase === "over") controller.abort(ENDED);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200 || this.#phase !== "waiting") return;
    const { attempt, clock, exchange, onReply } = this.#options;
    const forwarded = responseHeaders(rawHeaders(controller), status);
    if (forwarded === null) return this.#fail("UPSTREAM_PROTOCOL", "failure");
    const nowMs = clock.monotonicMs();
    attempt.headMs = nowMs - attempt.startedMs;
    exchange.upstreamMs += nowMs - this.#startedMs;
    this.#phase = "answering";
    if (status >= 500) attempt.settle("failure");
    this.#arm();
    onReply({ status, headers: forwarded.headers, failure: null, bytes: null, stream: this });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#discarded) {
      if (this.#bytes > DRAIN_BYTES) this.#abort();
    } else if (this.#sink !== null) {
      if (!this.#sink.write(chunk)) controller.pause();
    } else {
      this.#held.push(chunk);
      this.#heldBytes += chunk.length;
      if (this.#heldBytes >= HOLD_BYTES) controller.pause();
    }
  }

  onResponseEnd(): void {
    this.#complete = true;
    this.#over("success");
    if (!this.#discarded) this.#sink?.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#phase === "over") return;
    if (this.#phase === "waiting") {
      const [code, outcome] = this.#diagnose(error);
      return this.#fail(code, outcome);
    }
    this.#broken = true;
    this.#over("unreachable");
    this.#sink?.fail();
  }

  start(sink: BodySink): void {
    this.#sink = sink;
    // Another call may have been in flight since: a backup that did no better.
    if (this.#phase === "answering") this.#options.exchange.call = this;
    let flowing = true;
    for (const chunk of this.#held) flowing = sink.write(chunk);
    this.#held = [];
    if (this.#complete) sink.end();
    else if (this.#broken) sink.fail();
    else if (flowing) this.#controller?.resume();
  }

  resume(): void {
    if (this.#phase === "answering") this.#controller?.resume();
  }

  /** While waiting or answering to a client that has gone: abandoned. As an answer that another one replaces: drained. */
  discard(): void {
    if (this.#phase === "over") return;
    if (this.#phase === "answering" && !this.#options.exchange.abandoned && this.#heldBytes <= DRAIN_BYTES) {
      this.#discarded = true;
      this.#held = [];
      this.#controller?.resume();
      return;
    }
    const waiting = this.#phase === "waiting";
    this.#over("abandoned");
    this.#abort();
    if (waiting) this.#options.onReply(problem("UPSTREAM_RESET", { outcome: "abandoned" }));
  }

  #arm(): void {
    const { attempt, clock, exchange, wheel } = this.#options;
    const nowMs = clock.monotonicMs();
    const requestMs = exchange.deadlineMs - nowMs;
    const callMs = attempt.startedMs + attempt.target.guard.settings.timeoutMs - nowMs;
    const tryMs = this.#phase === "waiting" && exchange.tryTimeoutMs !== null ? exchange.tryTimeoutMs : callMs;
    wheel.arm(this.#deadline, Math.max(0, attempt.settled ? requestMs : Math.min(requestMs, callMs, tryMs)));
  }

  #expire(): void {
    const { attempt, clock, exchange } = this.#options;
    if (this.#phase === "waiting") {
      this.#fail("UPSTREAM_TIMEOUT", "timeout");
      return this.#abort();
    }
    if (clock.monotonicMs() < exchange.deadlineMs) {
      // The head came in time and the body is still flowing: that is all the breaker waits for.
      attempt.settle("success");
      return this.#arm();
    }
    this.#broken = true;
    this.#over("timeout");
    this.#abort();
    this.#sink?.fail();
  }

  /** The end of the call before there was an answer. */
  #fail(code: ErrorCode, outcome: CallOutcome): void {
    const { clock, exchange, onReply } = this.#options;
    if (this.#phase !== "waiting") return;
    exchange.upstreamMs += clock.monotonicMs() - this.#startedMs;
    this.#leave();
    if (code === "UPSTREAM_PROTOCOL") this.#abort();
    onReply(problem(code, { outcome }));
  }

  /** The end of the call after its head, however it came. */
  #over(outcome: CallOutcome): void {
    const { attempt } = this.#options;
    this.#leave();
    attempt.settle(outcome);
    attempt.release(this.#discarded ? 0 : this.#bytes);
  }

  #leave(): void {
    const { exchange, wheel } = this.#options;
    this.#phase = "over";
    wheel.disarm(this.#deadline);
    if (exchange.call === this) exchange.call = null;
  }

  #abort(): void {
    this.#controller?.abort(ENDED);
  }

  /** What an error before the response head means. Without a controller nothing was ever written: no connection. */
  #diagnose(error: Error): [ErrorCode, CallOutcome] {
    const code = "code" in error ? String(error.code) : "";
    const { body } = this.#options.exchange;
    if (this.#options.exchange.abandoned || body?.broken === true) return ["BAD_REQUEST", "abandoned"];
    if (
      code === "UND_ERR_INVALID_ARG" ||
      code === "UND_ERR_NOT_SUPPORTED" ||
      code === "UND_ERR_REQ_CONTENT_LENGTH_MISMATCH"
    )
      return ["BAD_REQUEST", "abandoned"];
    if (this.#controller === null) return ["UPSTREAM_CONNECT", "unreachable"];
    if (
      code.startsWith("HPE_") ||
      code === "UND_ERR_HEADERS_OVERFLOW" ||
      code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH"
    )
      return ["UPSTREAM_PROTOCOL", "failure"];
    return ["UPSTREAM_RESET", "unreachable"];
  }
}

/** undici hands HTTP/1.1 fields on as the parser cut them: alternating names and values. */
function rawHeaders(controller: Dispatcher.DispatchController): Uint8Array[] {
  const raw = controller.rawHeaders;
  return Array.isArray(raw) ? raw.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : part)) : [];
}
