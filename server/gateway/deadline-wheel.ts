import type { Clock } from "#platform/clock.ts";

const TICK_MS = 10;
const SLOTS = 256;
/** Ticks without a deadline after which the timer rests. */
const REST_AFTER = 100;
const DISARMED = -1;
const FIRING = -2;

/** One thing that happens unless it is disarmed in time. Belongs to a wheel's list while it is armed. */
export class Deadline {
  readonly expire: () => void;
  previous: Deadline | null = null;
  next: Deadline | null = null;
  tick = DISARMED;

  constructor(expire: () => void) {
    this.expire = expire;
  }
}

/**
 * Deadlines of many requests on one timer: arming and disarming are a few assignments, where a timer of its own costs
 * each request more than a microsecond. Never early; late by up to 20 ms.
 */
export class DeadlineWheel {
  readonly #clock: Clock;
  readonly #slots: (Deadline | null)[] = Array.from({ length: SLOTS }, () => null);
  #timer: NodeJS.Timeout | undefined;
  #done = 0;
  #armed = 0;
  #idleTicks = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Armed deadlines. */
  get size(): number {
    return this.#armed;
  }

  /** Lets the deadline expire once, `delayMs` from now; arming again moves it. */
  arm(deadline: Deadline, delayMs: number): void {
    this.disarm(deadline);
    if (this.#timer === undefined) this.#begin();
    deadline.tick = Math.max(this.#done + 1, Math.ceil((this.#clock.monotonicMs() + delayMs) / TICK_MS));
    const slot = deadline.tick % SLOTS;
    const first = this.#slots[slot] ?? null;
    deadline.next = first;
    if (first !== null) first.previous = deadline;
    this.#slots[slot] = deadline;
    this.#armed += 1;
  }

  disarm(deadline: Deadline): void {
    if (deadline.tick < 0) {
      deadline.tick = DISARMED;
      return;
    }
    if (deadline.previous === null) this.#slots[deadline.tick % SLOTS] = deadline.next;
    else deadline.previous.next = deadline.next;
    if (deadline.next !== null) deadline.next.previous = deadline.previous;
    deadline.previous = null;
    deadline.next = null;
    deadline.tick = DISARMED;
    this.#armed -= 1;
  }

  /** Drops the timer; nothing expires any more. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #begin(): void {
    this.#done = Math.floor(this.#clock.monotonicMs() / TICK_MS);
    this.#idleTicks = 0;
    this.#timer = setInterval(() => this.#turn(), TICK_MS);
    this.#timer.unref();
  }

  #turn(): void {
    const now = Math.floor(this.#clock.monotonicMs() / TICK_MS);
    const from = Math.max(this.#done + 1, now - SLOTS + 1);
    this.#done = now;
    for (let tick = from; tick <= now; tick += 1) this.#expire(tick % SLOTS, now);
    this.#idleTicks = this.#armed === 0 ? this.#idleTicks + 1 : 0;
    if (this.#idleTicks > REST_AFTER) this.stop();
  }

  #expire(slot: number, now: number): void {
    const due: Deadline[] = [];
    for (let deadline = this.#slots[slot] ?? null; deadline !== null;) {
      const { next } = deadline;
      if (deadline.tick <= now) due.push(deadline);
      deadline = next;
    }
    for (const deadline of due) this.disarm(deadline);
    // One that expires may disarm another of the same turn: those must stay quiet.
    for (const deadline of due) deadline.tick = FIRING;
    for (const deadline of due) {
      if (deadline.tick !== FIRING) continue;
      deadline.tick = DISARMED;
      deadline.expire();
    }
  }
}
