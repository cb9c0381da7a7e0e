import type { Random } from "./random.ts";

/** Something that runs, can stand still, and can die: a console, a gateway, or the world around them. */
export interface Process {
  readonly name: string;
  /** Nothing of it moves: neither its calls nor its loops nor what it is told. */
  paused: boolean;
  dead: boolean;
}

interface Action {
  readonly owner: Process;
  readonly run: () => void;
  /** What becomes of it when its process dies first; it is dropped when there is nothing. */
  readonly onDeath: (() => void) | undefined;
}

/**
 * Lets one thing happen at a time, chosen at random among everything that could: each call of each process waits here
 * until it is its turn, so that calls interleave in every order.
 */
export interface Scheduler {
  add(owner: Process, run: () => void, onDeath?: () => void): void;
  /** False when nothing can happen. Resolves when what happened has had all its consequences. */
  step(): Promise<boolean>;
  /** Settles what the dead process had under way. */
  bury(owner: Process): void;
}

export function openScheduler(random: Random): Scheduler {
  let actions: Action[] = [];

  function take(): Action | null {
    // Rarely is anything paused: try the draw first.
    for (let attempt = 0; attempt < 4 && actions.length > 0; attempt += 1) {
      const index = random.below(actions.length);
      if (actions[index]?.owner.paused === false) return takeAt(index);
    }
    const ready = actions.flatMap(({ owner }, index) => (owner.paused ? [] : [index]));
    const chosen = ready[random.below(ready.length)];
    return chosen === undefined ? null : takeAt(chosen);
  }

  function takeAt(index: number): Action | null {
    return actions.splice(index, 1)[0] ?? null;
  }

  return {
    add(owner, run, onDeath) {
      if (!owner.dead) actions.push({ owner, run, onDeath });
    },
    async step() {
      const action = take();
      if (action === null) return false;
      action.run();
      await settled();
      return true;
    },
    bury(owner) {
      const theirs = actions.filter((action) => action.owner === owner);
      actions = actions.filter((action) => action.owner !== owner);
      for (const { onDeath } of theirs) onDeath?.();
    },
  };
}

/** Resolves when no promise callback is left to run: Node runs a next tick only then. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve);
  });
}
