import { nameForDatabase } from "#db/database-text.ts";
import { packMinute, unpackMinute } from "#domain/recorded-minute.ts";
import { mergeSeconds, type RecordedSecond } from "#domain/recorded-second.ts";
import type { BreakerReading, TrafficWindow } from "#domain/traffic.ts";

/** One command's calls of one window, packed: thousands may have to wait for the database. */
export interface HeldCommand {
  readonly routeId: string;
  readonly service: string;
  readonly packed: Uint8Array;
}

/** The calls of one window, until they are in the database. */
export interface HeldWindow {
  readonly run: string;
  readonly sequence: number;
  /** Monotonic, ms. */
  readonly receivedMs: number;
  /** When its second began, Unix epoch by the console's clock, ms; null until that is certain. */
  readonly atMs: number | null;
  readonly commands: readonly HeldCommand[];
}

/** A second of one command at one gateway. */
export interface HeldSecond {
  readonly gatewayId: string;
  readonly run: string;
  readonly sequence: number;
  readonly second: RecordedSecond;
}

interface Waiting extends HeldWindow {
  atMs: number | null;
  /** Null once it is placed. */
  endedAtMs: (() => number) | null;
}

/** A window's place in time is settled this long after it arrived: those out of a gateway's buffer come in a burst, oldest first. */
const SETTLE_MS = 5000;
/** Held this long, a window is written whatever the clock says: it may have been set back. */
const OVERDUE_MS = 75_000;

/** Calls of all gateways that are not in the database yet, or not known to be, in the order of arrival. Bounded. */
export class HeldCalls {
  readonly #byGateway = new Map<string, Waiting[]>();
  readonly #max: number;
  #size = 0;
  /** Command-seconds given up for want of room since the last `takeLost`. */
  #lost = 0;

  /** `max` is in command-seconds, of about 200 bytes each. */
  constructor(max: number) {
    this.#max = max;
  }

  add(window: TrafficWindow, endedAtMs: () => number, receivedMs: number): void {
    const commands = commandsOf(window.breakers);
    if (commands.length === 0) return;
    const { run, sequence, startMs, endMs } = window;
    const gatewayId = nameForDatabase(window.gatewayId);
    const middleMs = (endMs - startMs) / 2;
    const held = this.#byGateway.get(gatewayId) ?? [];
    // A gateway that was given up and comes back tells all it still has.
    const known = held.findLast((other) => other.run === run);
    if (known !== undefined && sequence <= known.sequence) return;
    this.#byGateway.set(gatewayId, held);
    held.push({ run, sequence, receivedMs, atMs: null, endedAtMs: () => endedAtMs() - middleMs, commands });
    this.#size += commands.length;
    while (this.#size > this.#max) this.#dropOldest();
  }

  gateways(): string[] {
    return [...this.#byGateway.keys()];
  }

  /** Settles the places of windows that arrived long enough ago. */
  settle(monotonicMs: number): void {
    for (const held of this.#byGateway.values())
      for (const window of held) {
        if (window.receivedMs > monotonicMs - SETTLE_MS) break;
        place(window);
      }
  }

  /** The first windows of a gateway, up to one whose minute is not over at `nowMs`; all of them with `nowMs` null. */
  complete(gatewayId: string, nowMs: number | null, monotonicMs: number): HeldWindow[] {
    const held = this.#byGateway.get(gatewayId) ?? [];
    if (nowMs === null) return held.map(place);
    const beforeMs = Math.floor((nowMs - SETTLE_MS - 1000) / 60_000) * 60_000;
    const isDue = ({ atMs, receivedMs }: HeldWindow): boolean =>
      (atMs !== null && atMs < beforeMs) || receivedMs < monotonicMs - OVERDUE_MS;
    const end = held.findIndex((window) => !isDue(window));
    return held.slice(0, end === -1 ? held.length : end).map(place);
  }

  /** Lets go of what is in the database. */
  forget({ gatewayId, run, sequence }: { gatewayId: string; run: string; sequence: number }): void {
    const held = this.#byGateway.get(gatewayId) ?? [];
    const left = held.filter((window) => window.run !== run || window.sequence > sequence);
    for (const { commands } of held) this.#size -= commands.length;
    for (const { commands } of left) this.#size += commands.length;
    if (left.length === 0) this.#byGateway.delete(gatewayId);
    else this.#byGateway.set(gatewayId, left);
  }

  /** Seconds of a command as they are held now, with the window that told them. */
  callsOf(routeId: string, service: string): HeldSecond[] {
    return [...this.#byGateway].flatMap(([gatewayId, held]) =>
      held.flatMap((window) =>
        window.commands
          .filter((command) => command.routeId === routeId && command.service === service)
          .map((command) => ({
            gatewayId,
            run: window.run,
            sequence: window.sequence,
            second: secondOf(secondIn(window), command),
          })),
      ),
    );
  }

  /** Routes with calls to a service among what is held. */
  routesTo(service: string): string[] {
    const commands = [...this.#byGateway.values()].flatMap((held) => held.flatMap((window) => window.commands));
    return [...new Set(commands.filter((command) => command.service === service).map(({ routeId }) => routeId))];
  }

  takeLost(): number {
    const lost = this.#lost;
    this.#lost = 0;
    return lost;
  }

  #dropOldest(): void {
    const [oldest] = [...this.#byGateway.values()].toSorted(
      ([a], [b]) => (a?.receivedMs ?? Infinity) - (b?.receivedMs ?? Infinity),
    );
    const dropped = oldest?.shift()?.commands.length ?? 0;
    this.#size -= dropped;
    this.#lost += dropped;
  }
}

function place(window: Waiting): Waiting {
  window.atMs ??= secondIn(window);
  // It holds on to the whole window.
  window.endedAtMs = null;
  return window;
}

function secondIn({ atMs, endedAtMs }: Waiting): number {
  return atMs ?? Math.floor((endedAtMs?.() ?? 0) / 1000) * 1000;
}

/** A command's calls as a second that began at `atMs`. */
export function secondOf(atMs: number, { packed }: HeldCommand): RecordedSecond {
  const second = unpackMinute(0, packed)?.[0];
  if (second === undefined) throw new Error("What was packed here cannot be read");
  return { ...second, atMs };
}

/** Commands with calls in a window, the breakers of a gateway's workers added up. */
function commandsOf(readings: readonly BreakerReading[]): HeldCommand[] {
  const byCommand = new Map<string, BreakerReading[]>();
  for (const reading of readings) {
    const named = { ...reading, service: nameForDatabase(reading.service), routeId: nameForDatabase(reading.routeId) };
    const key = `${named.service}\n${named.routeId}`;
    const known = byCommand.get(key);
    if (known === undefined) byCommand.set(key, [named]);
    else known.push(named);
  }
  return [...byCommand.values()].flatMap((ofOne): HeldCommand[] => {
    const [first] = ofOne;
    const busy = ofOne.filter(hasCalls);
    if (first === undefined || busy.length === 0) return [];
    const [sum] = mergeSeconds(busy.map(secondFrom));
    if (sum === undefined) return [];
    return [
      { routeId: first.routeId, service: first.service, packed: packMinute([{ ...sum, breakers: ofOne.length }]) },
    ];
  });
}

function hasCalls({ counts, fallbackServed, fallbackFailed }: BreakerReading): boolean {
  return fallbackServed + fallbackFailed > 0 || Object.values(counts).some((count) => count > 0);
}

function secondFrom({ counts, latency, fallbackServed, fallbackFailed }: BreakerReading): RecordedSecond {
  return { atMs: 0, counts, latency, fallbackServed, fallbackFailed, breakers: 1 };
}
