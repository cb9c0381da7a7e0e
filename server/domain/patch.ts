import { isSameValue } from "./same-value.ts";

/**
 * How a value is compared, so that little is said of it when it changes:
 * `value`: said anew. `fields`: field by field; those without a shape of their own are values. `list`: item by item, by a
 * key that no two have. `sliding`: a list that grows at its end and is cut off at its beginning.
 */
export type Shape =
  | { readonly kind: "value" }
  | { readonly kind: "fields"; readonly shapes: Readonly<Record<string, Shape>> }
  | ListShape
  | { readonly kind: "sliding" };

interface ListShape {
  readonly kind: "list";
  readonly keyOf: (item: Fields) => string;
  /** Whether two have the same key, without making texts of them. */
  readonly sameKey: (one: Fields, other: Fields) => boolean;
  readonly item: Shape;
}

export type Fields = Readonly<Record<string, unknown>>;

const VALUE: Shape = { kind: "value" };

export const fields = (shapes: Readonly<Record<string, Shape>> = {}): Shape => ({ kind: "fields", shapes });
export const sliding: Shape = { kind: "sliding" };

/** A list whose items are told apart by these of their fields together. */
export function list(names: readonly string[], item: Shape): Shape {
  return {
    kind: "list",
    keyOf: (given) => names.map((name) => text(given[name])).join("\n"),
    sameKey(one, other) {
      for (const name of names) if (one[name] !== other[name]) return false;
      return true;
    },
    item,
  };
}

/** A list whose items are told apart by what `keyOf` makes of them. */
export function listBy(keyOf: (item: Fields) => string, item: Shape): Shape {
  return { kind: "list", keyOf, sameKey: (one, other) => keyOf(one) === keyOf(other), item };
}

const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/**
 * The way from one value to the next, as JSON can carry it. What is no array is the new value itself; an array begins with
 * what kind of change it is, so that it can be read without knowing the shape.
 */
export const CHANGE = { fields: 0, value: 1, list: 2, sliding: 3 } as const;

/** Field names by number: each is sent once, and its number from then on. */
export type NameNumbers = ReadonlyMap<string, number>;

/** What has to be told to whom knows `before` so that it knows `after`; undefined: nothing. Both are what JSON can carry. */
export function diff(shape: Shape, before: unknown, after: unknown, names: NameNumbers): unknown {
  if (before === after) return undefined;
  switch (shape.kind) {
    case "value":
      return isSameValue(before, after) ? undefined : anew(after);
    case "fields":
      return isFields(before) && isFields(after) ? fieldsDiff(shape.shapes, before, after, names) : anew(after);
    case "list":
      return Array.isArray(before) && Array.isArray(after) ? listDiff(shape, before, after, names) : anew(after);
    case "sliding":
      return Array.isArray(before) && Array.isArray(after) ? slidingDiff(before, after) : anew(after);
  }
}

const anew = (value: unknown): unknown => (Array.isArray(value) ? [CHANGE.value, value] : value);

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Called for everything in the picture once a second, hence without lists of entries. */
function fieldsDiff(
  shapes: Readonly<Record<string, Shape>>,
  before: Fields,
  after: Fields,
  names: NameNumbers,
): unknown {
  let changes: unknown[] | null = null;
  let more = 0;
  for (const name in after) {
    const value = after[name];
    if (value === undefined) continue;
    more += 1;
    const known = before[name];
    if (known === value) continue;
    // One that was not there before: said anew as a whole, since what is gone could not be told from what is as before.
    if (known === undefined) return after;
    const change = diff(shapes[name] ?? VALUE, known, value, names);
    if (change !== undefined) (changes ??= [CHANGE.fields]).push(names.get(name) ?? name, change);
  }
  for (const name in before) if (before[name] !== undefined) more -= 1;
  return more === 0 ? (changes ?? undefined) : after;
}

function listDiff(
  shape: ListShape,
  before: readonly unknown[],
  after: readonly unknown[],
  names: NameNumbers,
): unknown {
  return hasSameKeys(shape, before, after)
    ? sameItemsDiff(shape, before, after, names)
    : otherItemsDiff(shape, before, after, names);
}

/** As it mostly is: nothing came or went. */
function hasSameKeys({ sameKey }: ListShape, before: readonly unknown[], after: readonly unknown[]): boolean {
  if (before.length !== after.length) return false;
  for (let at = 0; at < after.length; at += 1) {
    const one = before[at];
    const other = after[at];
    if (one !== other && !(isFields(one) && isFields(other) && sameKey(one, other))) return false;
  }
  return true;
}

function sameItemsDiff(
  { item }: ListShape,
  before: readonly unknown[],
  after: readonly unknown[],
  names: NameNumbers,
): unknown {
  let patched: unknown[] | null = null;
  for (let at = 0; at < after.length; at += 1) {
    const change = diff(item, before[at], after[at], names);
    if (change !== undefined) (patched ??= []).push(at, change);
  }
  return patched === null ? undefined : [CHANGE.list, [], patched, []];
}

function otherItemsDiff(
  { keyOf, item }: ListShape,
  before: readonly unknown[],
  after: readonly unknown[],
  names: NameNumbers,
): unknown {
  const places = matched(keyOf, before, after);
  if (places === null) return isSameValue(before, after) ? undefined : anew(after);
  const patched: unknown[] = [];
  const added: unknown[] = [];
  for (const [at, place] of places.entries()) {
    if (place === -1) added.push(at, after[at]);
    else {
      const change = diff(item, before[place], after[at], names);
      if (change !== undefined) patched.push(place, change);
    }
  }
  const gone = missing(before.length, places);
  return gone.length + patched.length + added.length === 0 ? undefined : [CHANGE.list, gone, patched, added];
}

/**
 * Where each item of `after` was before; -1: nowhere. Null when the way cannot be told item by item: items have no key of
 * their own, or have changed places.
 */
function matched(
  keyOf: (item: Fields) => string,
  before: readonly unknown[],
  after: readonly unknown[],
): readonly number[] | null {
  const keysBefore = keysOf(keyOf, before);
  const keysAfter = keysOf(keyOf, after);
  if (keysBefore === null || keysAfter === null) return null;
  const known = new Map(keysBefore.map((key, at) => [key, at]));
  if (known.size !== keysBefore.length || new Set(keysAfter).size !== keysAfter.length) return null;
  const places = keysAfter.map((key) => known.get(key) ?? -1);
  let last = -1;
  for (const place of places) {
    if (place === -1) continue;
    if (place < last) return null;
    last = place;
  }
  return places;
}

function keysOf(keyOf: (item: Fields) => string, items: readonly unknown[]): readonly string[] | null {
  const keys: string[] = [];
  for (const item of items) {
    if (!isFields(item)) return null;
    keys.push(keyOf(item));
  }
  return keys;
}

function missing(length: number, places: readonly number[]): number[] {
  const kept = new Set(places);
  return Array.from({ length }, (_, at) => at).filter((at) => !kept.has(at));
}

function slidingDiff(before: readonly unknown[], after: readonly unknown[]): unknown {
  const drop = dropped(before, after);
  const added = after.slice(before.length - drop);
  return drop === 0 && added.length === 0 ? undefined : [CHANGE.sliding, drop, added];
}

/** How many of the first are gone: as few as may be, so that what is left begins `after`. */
function dropped(before: readonly unknown[], after: readonly unknown[]): number {
  for (let drop = 0; drop < before.length; drop += 1) {
    const kept = before.length - drop;
    if (kept <= after.length && isSameStart(before, drop, after, kept)) return drop;
  }
  return before.length;
}

function isSameStart(before: readonly unknown[], drop: number, after: readonly unknown[], length: number): boolean {
  for (let at = 0; at < length; at += 1) if (!isSameValue(before[drop + at], after[at])) return false;
  return true;
}
