import type { Duplex } from "node:stream";
import type { ErrorCode } from "#domain/errors.ts";
import type { CallOutcome } from "#domain/breaker.ts";
import type { Clock } from "#platform/clock.ts";
import type { Attempt } from "./attempt.ts";
import type { BodySink, BodyStream } from "./body-stream.ts";
import { Deadline, type DeadlineWheel } from "./deadline-wheel.ts";
import type { Exchange, Reply } from "./exchange.ts";
import { responseHeaders } from "./forward-headers.ts";
import { HeldPieces } from "./held-pieces.ts";
import { problem } from "./problem.ts";
import type { UpstreamExchange, UpstreamFailure, UpstreamHandler } from "./upstream/upstream.ts";

/** A small answer is complete before anybody takes it; a large one is paused here. */
const HOLD_BYTES = 64 * 1024;
/** An answer nobody wants is read to its end up to here, to keep the connection; above, the connection is cut. */
const DRAIN_BYTES = 64 * 1024;

export interface UpstreamCallOptions {
  readonly exchange: Exchange;
  readonly attempt: Attempt;
  readonly wheel: DeadlineWheel;
  readonly clock: Clock;
  /** Told once: an answer whose body is still to come, or a failure. */
  readonly onReply: (reply: Reply) => void;
}

/**
 * One call to an instance, from sending to last byte. Settles the attempt by itself only once a response head is in;
 * before that it answers with a failure and leaves it to the pipeline what that means.
 */
export class UpstreamCall implements UpstreamHandler, BodyStream {
  readonly #options: UpstreamCallOptions;
  readonly #startedMs: number;
  readonly #deadline: Deadline;
  #connection: UpstreamExchange | null = null;
  #phase: "waiting" | "answering" | "over" = "waiting";
  #sink: BodySink | null = null;
  readonly #held = new HeldPieces();
  #complete = false;
  #broken = false;
  #discarded = false;
  #bytes = 0;
  /** Monotonic, ms: when the request had gone out whole; null until then. */
  #sentMs: number | null = null;
  /** Bytes of the body that is on its way, at the last look; and when that was. */
  #progress = 0;
  #progressMs: number;
  #paused = false;

  constructor(options: UpstreamCallOptions) {
    this.#options = options;
    this.#startedMs = options.clock.monotonicMs();
    this.#progressMs = this.#startedMs;
    this.#deadline = new Deadline(() => this.#expire());
  }

  /** Lets the time run: the call's own, but no longer than the request's. */
  begin(): void {
    const { attempt, exchange } = this.#options;
    exchange.call = this;
    if (this.#streamed) attempt.uploading();
    this.#arm();
  }

  /** What it is sent over. It may have failed already. */
  over(connection: UpstreamExchange): void {
    this.#connection = connection;
    if (this.#phase === "over") connection.abort();
  }

  onSent(): void {
    this.#sentMs = this.#options.clock.monotonicMs();
    if (!this.#streamed || this.#phase !== "waiting") return;
    // From here on it is the service that is waited for, and usually for less long.
    this.#options.attempt.uploaded(this.#sentMs);
    this.#arm();
  }

  onHead(status: number, raw: string[]): void {
    if (this.#phase !== "waiting") return;
    const { attempt, onReply } = this.#options;
    this.#heard();
    this.#phase = "answering";
    if (attempt.target.guard.fails(status)) attempt.settle("failure");
    onReply({ status, headers: responseHeaders(raw, status), failure: null, bytes: null, stream: this });
  }

  onData(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#discarded) {
      if (this.#bytes <= DRAIN_BYTES) return;
      this.#over("abandoned");
      this.#abort();
    } else if (this.#sink !== null) {
      if (!this.#sink.write(chunk)) this.#pause();
    } else {
      this.#held.add(chunk);
      if (this.#held.bytes >= HOLD_BYTES) this.#pause();
    }
  }

  onEnd(): void {
    this.#complete = true;
    this.#over("success");
    if (!this.#discarded) this.#sink?.end();
  }

  onFailure(failure: UpstreamFailure): void {
    if (this.#phase === "over") return;
    if (this.#phase === "waiting") {
      const { abandoned, body } = this.#options.exchange;
      if (body?.overLimit === true) return this.#fail("BODY_TOO_LARGE", "abandoned");
      const [code, outcome] = abandoned ? FAILURES["request-body"] : FAILURES[failure];
      return this.#fail(code, outcome);
    }
    this.#broken = true;
    this.#over("unreachable");
    this.#sink?.fail();
  }

  /** From here on the two connections are one; neither the call's time nor the request's ends it. */
  onUpgrade(raw: string[], socket: Duplex, first: Buffer): void {
    if (this.#phase !== "waiting") return void socket.destroy();
    const { attempt, onReply } = this.#options;
    this.#heard();
    this.#leave();
    attempt.settle("success");
    const onClose = (bytesOut: number): void => attempt.release(bytesOut);
    const headers = responseHeaders(raw, 101);
    const idleMs = this.#options.exchange.route?.spec.idleTimeoutMs ?? Number.POSITIVE_INFINITY;
    const tunnel = { socket, first, idleMs, onClose };
    onReply({ status: 101, headers, failure: null, bytes: null, stream: null, tunnel });
  }

  start(sink: BodySink): void {
    this.#sink = sink;
    // Another call may have been in flight since: a backup that did no better.
    if (this.#phase === "answering") this.#options.exchange.call = this;
    let flowing = true;
    this.#held.take((piece) => (flowing = sink.write(piece)));
    if (this.#complete) sink.end();
    else if (this.#broken) sink.fail();
    else if (flowing) this.#resume();
    else this.#pause();
  }

  resume(): void {
    if (this.#phase === "answering") this.#resume();
  }

  /** While waiting or answering to a client that has gone: abandoned. As an answer that another one replaces: drained. */
  discard(): void {
    this.#held.drop();
    if (this.#phase === "over") return;
    if (this.#phase === "answering" && !this.#options.exchange.abandoned && this.#held.bytes <= DRAIN_BYTES) {
      this.#discarded = true;
      return this.#resume();
    }
    const waiting = this.#phase === "waiting";
    this.#over("abandoned");
    this.#abort();
    if (waiting) this.#options.onReply(problem("UPSTREAM_RESET", { outcome: "abandoned" }));
  }

  /** Armed once; what has changed since is looked at when it expires. */
  #arm(): void {
    const { clock, wheel } = this.#options;
    wheel.arm(this.#deadline, Math.max(0, this.#dueMs() - clock.monotonicMs()));
  }

  /** When this call, as it stands now, is over at the latest. */
  #dueMs(): number {
    const { attempt, exchange } = this.#options;
    const idleMs = exchange.route?.spec.idleTimeoutMs ?? Number.POSITIVE_INFINITY;
    const silentMs = this.#paused ? Number.POSITIVE_INFINITY : this.#progressMs + idleMs;
    // A request that is still on its way is limited by its progress: a large upload takes as long as it takes.
    if (this.#phase === "waiting" && this.#streamed && this.#sentMs === null)
      return Math.min(exchange.deadlineMs, silentMs);
    if (attempt.settled) return Math.min(exchange.deadlineMs, silentMs);
    const sentMs = this.#streamed ? (this.#sentMs ?? this.#startedMs) : null;
    const callMs = (sentMs ?? attempt.startedMs) + attempt.target.guard.settings.timeoutMs;
    const tryMs =
      this.#phase === "waiting" ? (exchange.tryTimeoutMs ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
    return Math.min(exchange.deadlineMs, callMs, (sentMs ?? this.#startedMs) + tryMs);
  }

  get #streamed(): boolean {
    const { body } = this.#options.exchange;
    return body !== null && body.whole === null;
  }

  #expire(): void {
    const { attempt, clock, exchange } = this.#options;
    const nowMs = clock.monotonicMs();
    const progress = this.#phase === "waiting" ? (exchange.body?.size ?? 0) : this.#bytes;
    if (progress !== this.#progress) {
      this.#progress = progress;
      this.#progressMs = nowMs;
    }
    if (nowMs < this.#dueMs()) return this.#arm();
    if (this.#phase === "waiting") {
      if (exchange.body?.starved === true) this.#fail("BODY_TOO_LATE", "abandoned");
      else this.#fail("UPSTREAM_TIMEOUT", "timeout");
      return this.#abort();
    }
    if (!attempt.settled) {
      // The head came in time and the body is still flowing: that is all the breaker waits for.
      attempt.settle("success");
      this.#progressMs = nowMs;
      if (nowMs < this.#dueMs()) return this.#arm();
    }
    this.#broken = true;
    this.#over("timeout");
    this.#abort();
    this.#sink?.fail();
  }

  #pause(): void {
    this.#paused = true;
    this.#connection?.pause();
  }

  #resume(): void {
    if (this.#paused) this.#progressMs = this.#options.clock.monotonicMs();
    this.#paused = false;
    this.#connection?.resume();
  }

  /** The end of the call before there was an answer. */
  #fail(code: ErrorCode, outcome: CallOutcome): void {
    const { clock, exchange, onReply } = this.#options;
    if (this.#phase !== "waiting") return;
    exchange.upstreamMs += clock.monotonicMs() - this.#startedMs;
    this.#leave();
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

  /** The head of the answer is in. */
  #heard(): void {
    const { attempt, clock, exchange } = this.#options;
    const nowMs = clock.monotonicMs();
    attempt.heard(nowMs);
    exchange.upstreamMs += nowMs - this.#startedMs;
  }

  #abort(): void {
    this.#connection?.abort();
  }
}

/** What a failure before the head of an answer means: for the caller, and for the breaker. */
const FAILURES: Readonly<Record<UpstreamFailure, readonly [ErrorCode, CallOutcome]>> = {
  "address-refused": ["ADDRESS_REFUSED", "unreachable"],
  connect: ["UPSTREAM_CONNECT", "unreachable"],
  reset: ["UPSTREAM_RESET", "unreachable"],
  truncated: ["UPSTREAM_RESET", "unreachable"],
  protocol: ["UPSTREAM_PROTOCOL", "failure"],
  "request-body": ["BAD_REQUEST", "abandoned"],
};
