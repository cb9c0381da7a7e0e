import { CHANGE, type Fields } from "./patch.ts";

/** A change that does not fit what it is to change: then only the whole can help. */
export class PatchMismatch extends Error {}

/**
 * What `diff` told the way to. Everything that did not change is the same object as before.
 * @throws PatchMismatch.
 */
export function applyPatch(before: unknown, patch: unknown, names: readonly string[]): unknown {
  if (!Array.isArray(patch)) return patch;
  const change: readonly unknown[] = patch;
  switch (change[0]) {
    case CHANGE.fields:
      return applyFields(before, change, names);
    case CHANGE.value:
      return change[1];
    case CHANGE.list:
      return applyList(listOf(before), change, names);
    case CHANGE.sliding:
      return [...listOf(before).slice(placeOf(change[1])), ...listOf(change[2])];
    default:
      throw new PatchMismatch("unknown kind of change");
  }
}

function applyFields(before: unknown, change: readonly unknown[], names: readonly string[]): Fields {
  if (typeof before !== "object" || before === null || Array.isArray(before)) throw new PatchMismatch("no fields");
  const after: Record<string, unknown> = { ...before };
  for (let at = 1; at < change.length; at += 2) {
    const given = change[at];
    const name = typeof given === "number" ? names[given] : given;
    if (typeof name !== "string" || !Object.hasOwn(after, name)) throw new PatchMismatch("no such field");
    after[name] = applyPatch(after[name], change[at + 1], names);
  }
  return after;
}

function applyList(
  before: readonly unknown[],
  [, gone, patched, added]: readonly unknown[],
  names: readonly string[],
): readonly unknown[] {
  const patchedItems: unknown[] = [...before];
  const patches = listOf(patched);
  for (let at = 0; at < patches.length; at += 2) {
    const place = placeOf(patches[at]);
    if (place >= before.length) throw new PatchMismatch("no such item");
    patchedItems[place] = applyPatch(before[place], patches[at + 1], names);
  }
  return inserted(without(patchedItems, listOf(gone)), listOf(added));
}

function without(items: unknown[], gone: readonly unknown[]): unknown[] {
  if (gone.length === 0) return items;
  const left = new Set(gone);
  return items.filter((_, at) => !left.has(at));
}

/** `added` has places in the list as it will be, ascending, each followed by its item. */
function inserted(kept: unknown[], added: readonly unknown[]): unknown[] {
  if (added.length === 0) return kept;
  const after: unknown[] = [];
  let next = 0;
  for (let at = 0; at < added.length; at += 2) {
    const place = placeOf(added[at]);
    while (after.length < place && next < kept.length) {
      after.push(kept[next]);
      next += 1;
    }
    if (after.length !== place) throw new PatchMismatch("no such place");
    after.push(added[at + 1]);
  }
  return [...after, ...kept.slice(next)];
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new PatchMismatch("no list");
  return value;
}

function placeOf(value: unknown): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0) throw new PatchMismatch("no place");
  return value;
}
