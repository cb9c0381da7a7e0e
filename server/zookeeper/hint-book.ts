/** `node`: created, deleted or its data changed. `children`: a child came or went, or the node was deleted. */
export type HintKind = "node" | "children";

/**
 * Who wants to be told that a path may have changed. A hint is given once and then forgotten: reading again asks anew.
 * A hint says nothing but "read again"; many changes may give one.
 */
export interface HintBook {
  ask(kind: HintKind, path: string, onHint: () => void): void;
  give(kind: HintKind, path: string): void;
  giveAll(): void;
}

/** @param onThrow what to do with an error thrown by a listener; without it, it would end the process. */
export function openHintBook(onThrow: (error: unknown) => void): HintBook {
  const asked: Record<HintKind, Map<string, Set<() => void>>> = { node: new Map(), children: new Map() };
  const call = (listeners: Iterable<() => void>): void => {
    for (const listener of listeners) {
      try {
        listener();
      } catch (error) {
        onThrow(error);
      }
    }
  };
  const give = (kind: HintKind, path: string): void => {
    const listeners = asked[kind].get(path) ?? [];
    asked[kind].delete(path);
    call(listeners);
  };
  return {
    ask(kind, path, onHint) {
      const listeners = asked[kind].get(path);
      if (listeners === undefined) asked[kind].set(path, new Set([onHint]));
      else listeners.add(onHint);
    },
    give,
    giveAll() {
      // A listener that hears of many paths is called once for all of them.
      const listeners = new Set([...asked.node.values(), ...asked.children.values()].flatMap((set) => [...set]));
      asked.node.clear();
      asked.children.clear();
      call(listeners);
    },
  };
}
