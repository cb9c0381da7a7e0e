import { BreakerSettings } from "../breaker-policy.ts";
import type { Scenario, Step, WindowCounts } from "./scenario.ts";
import { needsOf, type Begun, type Library, type Subject } from "./subject.ts";

export type Verdict =
  | { readonly kind: "holds" }
  /** What was seen instead. */
  | { readonly kind: "fails"; readonly seen: string }
  /** What it would need. */
  | { readonly kind: "cannot"; readonly for: string };

type Call = Extract<Begun, { end: unknown }>;

/** Plays a scenario on a new breaker of the library, up to the first step that does not hold. */
export async function playScenario(scenario: Scenario, library: Library): Promise<Verdict> {
  const lacking = needsOf(scenario).filter((ability) => !library.abilities.has(ability));
  if (lacking.length > 0) return { kind: "cannot", for: lacking.join(", ") };
  const settings = BreakerSettings.parse(scenario.settings);
  const subject = library.make(settings);
  const play = new Play(subject, settings);
  try {
    for (const [index, step] of scenario.steps.entries()) {
      const seen = await play.step(step);
      if (seen !== null) return { kind: "fails", seen: `step ${index + 1}: ${seen}` };
    }
    return { kind: "holds" };
  } finally {
    subject.stop();
  }
}

/** A scenario under way. Each step returns what was seen, if that is not what must be. */
class Play {
  readonly #subject: Subject;
  #settings: BreakerSettings;
  readonly #underWay = new Map<string, Call>();

  constructor(subject: Subject, settings: BreakerSettings) {
    this.#subject = subject;
    this.#settings = settings;
  }

  async step(step: Step): Promise<string | null> {
    const subject = this.#subject;
    switch (step.kind) {
      case "calls": {
        const begun = [];
        for (let call = 0; call < step.count; call += 1) {
          begun.push(await subject.begin());
          if (step.tookMs === 0) await finish(begun.pop(), step.ending);
        }
        if (step.tookMs > 0) await subject.wait(step.tookMs);
        for (const call of begun) await finish(call, step.ending);
        return null;
      }
      case "admit":
        return this.#admit(step.call);
      case "end":
        await finish(this.#underWay.get(step.call), step.ending);
        this.#underWay.delete(step.call);
        return null;
      case "refuse":
        return this.#refuse(step);
      case "hold-back":
        return this.#holdBack(step.count);
      case "share":
        return this.#share(step);
      case "load":
        await playLoad(subject, step);
        return null;
      case "wait":
        await subject.wait(step.ms);
        return null;
      case "edit":
        this.#settings = BreakerSettings.parse({ ...this.#settings, ...step.settings });
        subject.edit?.(this.#settings);
        return null;
      case "force":
        await subject.force?.(step.mode);
        return null;
      case "restart":
        this.#underWay.clear();
        await subject.restart?.(step.downMs);
        return null;
      case "state": {
        const seen = subject.state();
        return seen === step.is ? null : `it is ${seen}, not ${step.is}`;
      }
      case "window":
        return differing(subject.window?.(), step.is);
      case "cause": {
        const seen = subject.cause?.() ?? "";
        return seen === step.is ? null : `its cause is "${seen}", not "${step.is}"`;
      }
    }
  }

  async #admit(call: string): Promise<string | null> {
    const begun = await this.#subject.begin();
    if (begun.kind !== "refused") this.#underWay.set(call, begun);
    return begun.kind === "admitted" ? null : `a call ${told(begun)} and was not let through`;
  }

  async #refuse({ why, count }: Extract<Step, { kind: "refuse" }>): Promise<string | null> {
    for (let call = 0; call < count; call += 1) {
      const begun = await this.#subject.begin();
      if (begun.kind !== "refused" || begun.why !== why) return `a call ${told(begun)} and was not ${why}`;
    }
    return null;
  }

  async #holdBack(count: number): Promise<string | null> {
    for (let call = 0; call < count; call += 1) {
      const begun = await this.#subject.begin();
      if (begun.kind === "admitted") return "a call was let through";
      await finish(begun, "ok");
    }
    return null;
  }

  async #share({ of, admitted }: Extract<Step, { kind: "share" }>): Promise<string | null> {
    let passed = 0;
    for (let call = 0; call < of; call += 1) {
      const begun = await this.#subject.begin();
      if (begun.kind === "admitted") passed += 1;
      await finish(begun, "ok");
    }
    return passed === admitted ? null : `${passed} of ${of} calls were let through, not ${admitted}`;
  }
}

async function finish(begun: Begun | undefined, ending: Parameters<Call["end"]>[0]): Promise<void> {
  if (begun !== undefined && begun.kind !== "refused") await begun.end(ending);
}

function told(begun: Begun): string {
  if (begun.kind === "refused") return `was ${begun.why}`;
  return begun.kind === "waits" ? "was made to wait" : "was let through";
}

async function playLoad(
  subject: Subject,
  { perSecond, forMs, tookMs, ending }: Extract<Step, { kind: "load" }>,
): Promise<void> {
  const everyMs = 1000 / perSecond;
  const underWay: { endsMs: number; call: Begun }[] = [];
  let nowMs = 0;
  const until = async (ms: number): Promise<void> => {
    for (;;) {
      const first = underWay[0];
      if (first === undefined || first.endsMs > ms) break;
      underWay.shift();
      await subject.wait(first.endsMs - nowMs);
      nowMs = first.endsMs;
      await finish(first.call, ending);
    }
    await subject.wait(ms - nowMs);
    nowMs = ms;
  };
  for (let startMs = 0; startMs < forMs; startMs += everyMs) {
    await until(startMs);
    underWay.push({ endsMs: startMs + tookMs, call: await subject.begin() });
  }
  await until(forMs + tookMs);
}

function differing(seen: WindowCounts | undefined, expected: WindowCounts): string | null {
  if (seen === undefined) return "nothing can be read";
  const seenKinds = new Map<string, number>(Object.entries(seen.byKind ?? {}));
  const kinds = Object.entries(expected.byKind ?? {}).map(
    ([kind, count]) => [kind, count, seenKinds.get(kind) ?? count] as const,
  );
  const facts = [
    ["calls", expected.total, seen.total] as const,
    ["errors", expected.errors, seen.errors] as const,
    ["slow", expected.slow ?? seen.slow, seen.slow] as const,
    ["waiting", expected.waiting ?? seen.waiting, seen.waiting] as const,
    ...kinds,
  ];
  const wrong = facts.filter(([, wanted, found]) => wanted !== found);
  if (wrong.length === 0) return null;
  return wrong.map(([name, wanted, found]) => `${name}: ${found}, not ${wanted}`).join("; ");
}
