let aheadMs = 0;
const machine = Date.now;

/** Time by the wall clock as it was set here. */
function nowMs(): number {
  return machine() + aheadMs;
}

/**
 * Sets the wall clock of this process, by so much ahead of the machine's, ms; below 0: behind it. As when somebody sets a
 * machine's clock, timers and `performance.now()` go on as they were. PostgreSQL and ZooKeeper keep the machine's.
 */
export function setWallClock(ahead: number): void {
  aheadMs = ahead;
}

globalThis.Date = new Proxy(Date, {
  construct(target, given: readonly unknown[], newTarget) {
    const date: unknown = Reflect.construct(target, given.length === 0 ? [nowMs()] : given, newTarget);
    if (!(date instanceof target)) throw new TypeError("not a date");
    return date;
  },
  get: (target, key): unknown => (key === "now" ? nowMs : Reflect.get(target, key)),
});
