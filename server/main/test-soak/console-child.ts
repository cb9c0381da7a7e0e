import type { ArmedFailpoint } from "#platform/failpoint.ts";
import type { Made } from "./carry-out.ts";
import { startChild, type Child } from "./child.ts";
import { FromConsole, type ConsoleReport, type ConsoleStart, type SoakEdit, type ToConsole } from "./messages.ts";

/** What became of an edit, as far as whoever asked for it knows. */
export type EditOutcome =
  | ({ readonly kind: "made" } & Made)
  | { readonly kind: "refused"; readonly code: string; readonly detail: string }
  /** No answer: it was saved, or not. */
  | { readonly kind: "unknown" };

/** Whoever takes edits. */
export interface TakesEdits {
  /** `key`: asked again with the same, the edit is made once, and answered the same. */
  edit(asked: SoakEdit, key: string): Promise<EditOutcome>;
}

/** A console process. */
export interface ConsoleChild extends Pick<Child, "exited" | "ending" | "kill" | "said" | "isStopped">, TakesEdits {
  start(options: Omit<ConsoleStart, "kind">): void;
  arm(failpoint: ArmedFailpoint | null): Promise<void>;
  /** Sets its wall clock, by so much ahead of the machine's, ms. */
  setClock(aheadMs: number): Promise<void>;
  /** Has it compare everything; the report tells of it. */
  compareAll(): void;
  /** Null when it is gone. */
  report(): Promise<ConsoleReport | null>;
}

/** Loads a console process; it does nothing before `start`. */
export function loadConsole(): ConsoleChild {
  const child = startChild("console-process.ts");
  const waiting = new Map<number, (answer: FromConsole | null) => void>();
  let asked = 0;
  child.onMessage((message) => {
    const answer = FromConsole.parse(message);
    if (answer.kind === "loaded") return;
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  void child.exited.then(() => {
    for (const settle of waiting.values()) settle(null);
    waiting.clear();
  });

  function ask(question: (id: number) => ToConsole): Promise<FromConsole | null> {
    const id = (asked += 1);
    return new Promise((resolve) => {
      if (child.ending() !== null) return resolve(null);
      waiting.set(id, resolve);
      child.send(question(id));
    });
  }

  return {
    exited: child.exited,
    ending: child.ending,
    said: child.said,
    kill: child.kill,
    isStopped: child.isStopped,
    start: (options) => child.send({ kind: "start", ...options }),
    compareAll: () => child.send({ kind: "compare" }),
    async arm(failpoint) {
      await ask((id) => ({ kind: "arm", id, failpoint }));
    },
    async setClock(aheadMs) {
      await ask((id) => ({ kind: "clock", id, aheadMs }));
    },
    async edit(edit, key) {
      const answer = await ask((id) => ({ kind: "edit", id, key, edit }));
      if (answer?.kind === "made") return { kind: "made", revision: answer.revision, version: answer.version };
      if (answer?.kind !== "refused") return { kind: "unknown" };
      // What went away while saving may have been saved.
      if (answer.code === "DATABASE_DOWN") return { kind: "unknown" };
      return { kind: "refused", code: answer.code, detail: answer.detail };
    },
    async report() {
      const answer = await ask((id) => ({ kind: "report", id }));
      return answer?.kind === "report" ? answer.report : null;
    },
  };
}
