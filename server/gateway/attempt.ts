import type { CallOutcome, Permit } from "#domain/breaker.ts";
import type { Clock } from "#platform/clock.ts";
import type { EdgeCounter } from "#telemetry/gateway-edges.ts";
import type { GatewayWindows } from "#telemetry/gateway-windows.ts";
import type { PoolMember, Target } from "./mesh.ts";

/** Whose call it is: all of an edge but its instance. */
export interface AttemptOrigin {
  readonly caller: string;
  readonly routeId: string;
}

interface Verdict {
  readonly judged: CallOutcome;
  readonly counted: CallOutcome;
  readonly latencyMs: number | null;
  readonly nowMs: number;
}

/**
 * One try of an admitted call, from pick to last byte. Settled once, with how it ended; released once, when nothing of it
 * is in flight. Both are safe to ask for again. Each try counts on its edge and at its instance; at the breaker only the
 * one that stands counts, since all tries of a call share its permit.
 */
export class Attempt {
  readonly target: Target;
  /** When the call was admitted, monotonic, ms: the same for all its tries. */
  readonly startedMs: number;
  /** When this try began, monotonic, ms. */
  readonly triedMs: number;
  /** Instances of earlier tries. */
  readonly tried: readonly PoolMember[];
  instance = "";
  /** When the head of an answer was in, monotonic, ms; null until it is. */
  #headMs: number | null = null;
  /** Since when the service is waited for, monotonic, ms; infinite while it is the caller, who has yet to send. */
  #owedMs: number;
  /** Whether the breaker has been told that the call waits no more. */
  #answered: boolean;
  readonly #permit: Permit;
  readonly #origin: AttemptOrigin;
  readonly #windows: GatewayWindows;
  readonly #clock: Clock;
  #member: PoolMember | null = null;
  #edge: EdgeCounter | null = null;
  #settled = false;
  #released = false;
  /** Whether this try speaks for the call at the breaker: it does, that is yet to be decided, or another does. */
  #standing: "yes" | "open" | "no" = "yes";
  /** How it ended, kept while its standing is open. */
  #verdict: Verdict | null = null;

  constructor(
    target: Target,
    permit: Permit,
    startedMs: number,
    origin: AttemptOrigin,
    windows: GatewayWindows,
    clock: Clock,
    before: Attempt | null = null,
  ) {
    this.target = target;
    this.#permit = permit;
    this.#origin = origin;
    this.#windows = windows;
    this.#clock = clock;
    this.startedMs = startedMs;
    this.triedMs = before === null ? startedMs : clock.monotonicMs();
    this.tried = before?.spent ?? NONE;
    this.#owedMs = startedMs;
    this.#answered = before !== null && before.#answered;
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** Instances of this and earlier tries. */
  get spent(): readonly PoolMember[] {
    return this.#member === null ? this.tried : [...this.tried, this.#member];
  }

  /** The instance this try goes to. */
  use(member: PoolMember): void {
    this.#member = member;
    this.instance = member.instance.id;
    member.state.inFlight += 1;
    this.#counter().begins();
  }

  /** The caller is still sending: how long that takes is no fault of the service. */
  uploading(): void {
    this.#owedMs = Number.POSITIVE_INFINITY;
    this.#waitsNoMore(this.triedMs);
  }

  /** The caller has sent it all. */
  uploaded(nowMs: number): void {
    this.#owedMs = nowMs;
  }

  /** The head of an answer is in. */
  heard(nowMs: number): void {
    this.#headMs = nowMs;
    if (this.#standing === "yes") this.#waitsNoMore(nowMs);
  }

  /** Before a try that another may follow: its end is not told to the breaker until `stand` or `again` decides. */
  hold(): void {
    this.#standing = "open";
  }

  /** No other try follows: what became of this one is what became of the call. */
  stand(): void {
    if (this.#standing !== "open") return;
    this.#standing = "yes";
    if (this.#headMs !== null) this.#waitsNoMore(this.#headMs);
    if (this.#verdict !== null) {
      const { judged, counted, latencyMs, nowMs } = this.#verdict;
      this.#judge(judged, counted, latencyMs, nowMs);
    }
    if (this.#released) this.target.guard.command.breaker.release();
  }

  /**
   * Another try is made in its place. `outcome` is how it ended; null when an answer came that settles it by itself, and
   * releases it once drained.
   */
  again(outcome: CallOutcome | null): Attempt {
    this.#standing = "no";
    if (outcome !== null) {
      this.settle(outcome);
      this.release(0);
    }
    return new Attempt(this.target, this.#permit, this.startedMs, this.#origin, this.#windows, this.#clock, this);
  }

  /** No instance to call: says nothing about the calls the breaker judges, and its trial is given back. */
  unserved(): void {
    this.#finish("abandoned", "unreachable", null, this.#clock.monotonicMs());
  }

  settle(outcome: CallOutcome): void {
    if (this.#settled) return;
    const nowMs = this.#clock.monotonicMs();
    const latencyMs = outcome === "abandoned" ? null : (this.#headMs ?? nowMs) - this.startedMs;
    this.#finish(outcome, outcome, latencyMs, nowMs);
  }

  release(bytesOut: number): void {
    if (this.#released) return;
    this.#released = true;
    if (this.#standing === "yes") this.target.guard.command.breaker.release();
    const counter = this.#counter();
    counter.bytes(bytesOut);
    if (this.#member === null) return;
    this.#member.state.inFlight -= 1;
    counter.ends();
  }

  #finish(judged: CallOutcome, counted: CallOutcome, latencyMs: number | null, nowMs: number): void {
    if (this.#settled) return;
    this.#settled = true;
    // The edge is told the try's own time.
    const before = this.triedMs - this.startedMs;
    this.#counter().call(counted, latencyMs === null ? null : Math.max(0, latencyMs - before));
    this.#member?.state.called(judged, nowMs);
    if (this.#standing === "yes") this.#judge(judged, counted, latencyMs, nowMs);
    else if (this.#standing === "open") this.#verdict = { judged, counted, latencyMs, nowMs };
  }

  #judge(judged: CallOutcome, counted: CallOutcome, latencyMs: number | null, nowMs: number): void {
    const { command, settings } = this.target.guard;
    const tookMs = Math.max(0, (this.#headMs ?? nowMs) - this.#owedMs);
    this.#waitsNoMore(nowMs);
    const wrong =
      judged !== "abandoned" && (judged !== "success" || tookMs >= (settings.slowCallMs ?? Number.POSITIVE_INFINITY));
    if (wrong && this.#member !== null) command.wentWrong(this.#member.instance, judged, nowMs);
    command.breaker.settle(this.#permit, judged, nowMs, tookMs);
    command.count(counted, latencyMs);
  }

  #waitsNoMore(nowMs: number): void {
    if (this.#answered) return;
    this.#answered = true;
    this.target.guard.command.breaker.answered(this.startedMs, nowMs);
  }

  /** Of its edge, which is known once an instance was picked. */
  #counter(): EdgeCounter {
    const { service, subset, asFallback } = this.target;
    const { instance } = this;
    this.#edge ??= this.#windows.edge({ ...this.#origin, service, subset, instance, asFallback });
    return this.#edge;
  }
}

const NONE: readonly PoolMember[] = [];
