import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "#gateway/test-bed/fuzz/random.ts";
import type { Database } from "#db/client.ts";
import { lockMesh } from "#db/mesh-repository.ts";
import { findPolicy } from "#db/policy-repository.ts";
import { overrideId } from "#domain/override.ts";
import { policyKey } from "#domain/policy.ts";
import { RouteSpec } from "#domain/route.ts";
import { eventually } from "#zookeeper/test-harness.ts";
import type { EditOutcome, TakesEdits } from "./console-child.ts";
import type { SoakEdit } from "./messages.ts";

/** One edit that was asked for, as often as it took, and what the answer was. */
export interface Attempt {
  /** Policy key. */
  readonly key: string;
  readonly removes: boolean;
  /** Stands in the object that the edit writes, and in no other edit's. */
  readonly marker: string;
  readonly outcome: Exclude<EditOutcome, { readonly kind: "unknown" }>;
}

/** An object that is edited by one hand, one edit after another. */
interface Subject {
  readonly kind: "routes" | "overrides";
  readonly id: string;
  /** Of the latest edit that is known, tombstones too. */
  version: number;
  exists: boolean;
  /** Whether `version` and `exists` hold: an override ends by itself, too. */
  isKnown: boolean;
  busy: boolean;
  /** An edit that was asked for and not answered. Nothing else happens to the object before it is. */
  unanswered: Unanswered | null;
}

interface Unanswered {
  readonly draft: SoakEdit;
  readonly removes: boolean;
  readonly marker: string;
}

const ROUTES = 12;
const SERVICES = 2;
/** Of ten edits of an object that is there, so many remove it. */
const REMOVALS = 2;
const EDIT_EVERY_MS = 20;
const ANSWERED_WITHIN_MS = 180_000;

/** Makes edits that look random, and remembers each with its answer. */
export class Editor {
  readonly #random: Random;
  readonly #database: Database;
  readonly #subjects: readonly Subject[];
  #attempts: Attempt[] = [];
  #edits = 0;
  /** Routes weigh 50 KB while this is set, and none is removed. */
  heavy = false;

  constructor(random: Random, database: Database) {
    this.#random = random;
    this.#database = database;
    const subject = (kind: Subject["kind"], id: string): Subject => ({
      kind,
      id,
      version: 0,
      exists: false,
      isKnown: true,
      busy: false,
      unanswered: null,
    });
    this.#subjects = [
      ...Array.from({ length: ROUTES }, (_, index) => subject("routes", `route-${index}`)),
      ...Array.from({ length: SERVICES }, (_, index) => subject("overrides", overrideOf(`service-${index}`))),
    ];
  }

  /** Attempts since this was asked last. */
  takeAttempts(): readonly Attempt[] {
    const taken = this.#attempts;
    this.#attempts = [];
    return taken;
  }

  /** How many edits were asked for so far. */
  get count(): number {
    return this.#edits;
  }

  /** How many edits were asked for, and neither answered nor are under way. */
  get unanswered(): number {
    return this.#subjects.filter(({ unanswered, busy }) => unanswered !== null && !busy).length;
  }

  /** Any of those that take edits, drawn as edits are. */
  anyOf<Target>(targets: readonly [Target, ...Target[]]): Target {
    return this.#random.pick(targets);
  }

  /** Makes `count` edits at once, each of another object; resolves when each was answered or can no longer be. */
  async burst(target: TakesEdits, count: number): Promise<void> {
    const free = this.#subjects.filter(isFree);
    const chosen = Array.from({ length: Math.min(count, free.length) }, () =>
      free.splice(this.#random.below(free.length), 1),
    ).flat();
    await Promise.all(chosen.map((subject) => this.#edit(target, subject)));
  }

  /** Makes one edit, of the first object that is free, and asks for it until it is answered. @throws Error when it was refused. */
  async one(target: TakesEdits): Promise<{ readonly revision: number }> {
    const subject = this.#subjects.find(isFree);
    if (subject === undefined) throw new Error("no object is free");
    let outcome = await this.#edit(target, subject);
    await eventually(
      "the edit is answered",
      async () => {
        if (outcome.kind === "unknown") outcome = await this.#ask(target, subject);
        return outcome.kind !== "unknown";
      },
      ANSWERED_WITHIN_MS,
    );
    if (outcome.kind !== "made") throw new Error(`the edit was not saved: ${outcome.kind}`);
    return outcome;
  }

  /** Makes one edit after another, `atOnce` at a time, until told to stop; whom it asks may change. */
  edits(target: () => TakesEdits, atOnce: number): { stop(): Promise<void> } {
    let goesOn = true;
    const running = (async () => {
      while (goesOn) {
        await this.burst(target(), atOnce);
        await sleep(EDIT_EVERY_MS);
      }
    })();
    return {
      stop: () => {
        goesOn = false;
        return running;
      },
    };
  }

  /** Forces a service for a while, ms; resolves to whether it is answered. */
  async forceFor(target: TakesEdits, durationMs: number): Promise<boolean> {
    const subject = this.#subjects.find(({ kind, busy }) => kind === "overrides" && !busy);
    if (subject === undefined) return false;
    const outcome = await (subject.unanswered === null
      ? this.#edit(target, subject, durationMs)
      : this.#ask(target, subject));
    return outcome.kind === "made";
  }

  /** Asks once more for the edits that were not answered, with the keys they had, until each is answered. */
  async askAgain(target: TakesEdits): Promise<void> {
    await eventually(
      "every edit is answered",
      async () => {
        const open = this.#subjects.filter(({ unanswered, busy }) => unanswered !== null && !busy);
        await Promise.all(open.map((subject) => this.#ask(target, subject)));
        return this.#subjects.every(({ unanswered, busy }) => unanswered === null || busy);
      },
      ANSWERED_WITHIN_MS,
    );
  }

  async #edit(target: TakesEdits, subject: Subject, durationMs: number | null = null): Promise<EditOutcome> {
    subject.busy = true;
    await this.#lookUp(subject);
    this.#edits += 1;
    const marker = `edit ${this.#edits}`;
    const removes = durationMs === null && !this.heavy && subject.exists && this.#random.below(10) < REMOVALS;
    subject.unanswered = { draft: this.#draft(subject, removes, marker, durationMs), removes, marker };
    return this.#ask(target, subject);
  }

  async #ask(target: TakesEdits, subject: Subject): Promise<EditOutcome> {
    if (subject.unanswered === null) return { kind: "unknown" };
    const { draft, removes, marker } = subject.unanswered;
    subject.busy = true;
    const outcome = await target.edit(draft, marker);
    subject.busy = false;
    if (outcome.kind === "unknown") return outcome;
    subject.unanswered = null;
    this.#attempts.push({ key: policyKey(subject.kind, subject.id), removes, marker, outcome });
    subject.isKnown = outcome.kind === "made" && subject.kind === "routes";
    if (outcome.kind === "made") {
      subject.version = outcome.version ?? subject.version + 1;
      subject.exists = !removes;
    }
    return outcome;
  }

  #draft(subject: Subject, removes: boolean, marker: string, durationMs: number | null): SoakEdit {
    const { id } = subject;
    if (subject.kind === "overrides")
      return removes
        ? { kind: "lift", id }
        : { kind: "force", service: id.replace(/^service:(.*)@fleet$/, "$1"), reason: marker, durationMs };
    if (removes) return { kind: "remove-route", id, expectedVersion: subject.version };
    const expectedVersion = subject.exists ? subject.version : null;
    return { kind: "save-route", id, expectedVersion, spec: routeOf(id, marker, this.heavy) };
  }

  async #lookUp(subject: Subject): Promise<void> {
    if (subject.isKnown) return;
    // PostgreSQL may be away.
    await eventually(`${subject.id} can be read`, async () => {
      const { version, row } = await this.#database.transaction(async (tx) => {
        // Whoever died while committing may yet be served: its lock is waited for.
        await lockMesh(tx);
        return findPolicy(tx, subject.kind, subject.id);
      });
      subject.version = version;
      subject.exists = row !== null;
      subject.isKnown = true;
      return true;
    });
  }
}

function isFree({ busy, unanswered }: Subject): boolean {
  return !busy && unanswered === null;
}

function overrideOf(service: string): string {
  return overrideId({ kind: "service", service }, { kind: "fleet" });
}

function routeOf(id: string, marker: string, heavy: boolean): RouteSpec {
  const header = (index: number): unknown => ({
    name: `x-heavy-${index}`,
    match: { kind: "exact", value: "x".repeat(1000) },
  });
  const headers = heavy ? Array.from({ length: 16 }, (_, index) => header(index)) : [];
  return RouteSpec.parse({
    description: marker,
    hosts: [`${id}.soak.test`],
    matches: ["/a", "/b", "/c"].map((value) => ({ path: { kind: "prefix", value }, headers })),
    destinations: [{ service: "orders", weight: 1 }],
  });
}
