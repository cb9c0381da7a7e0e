import { z } from "zod";
import type { Point } from "../layout/layout-types.ts";

export type Pins = ReadonlyMap<string, Point>;

export const NO_PINS: Pins = new Map();

const Stored = z.array(z.tuple([z.string(), z.number(), z.number()]));

/** Where pins are kept between visits: `localStorage`, or in tests anything like it. */
export type PinStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Where a person's pins are kept; each saved view has its own. */
export function pinKey(personId: string, viewId: string | null): string {
  return `meshkeeper.pins:${personId}:${viewId ?? ""}`;
}

/** The pins under a key; none when there are none, or nobody can read them. */
export function readPins(storage: PinStorage, key: string): Pins {
  const text = storage.getItem(key);
  if (text === null) return NO_PINS;
  try {
    const stored = Stored.safeParse(JSON.parse(text));
    return stored.success ? new Map(stored.data.map(([id, x, y]) => [id, { x, y }])) : NO_PINS;
  } catch {
    return NO_PINS;
  }
}

/** Keeps pins; that a browser keeps nothing is no failure, they last as long as the page. */
export function writePins(storage: PinStorage, key: string, pins: Pins): void {
  try {
    if (pins.size === 0) storage.removeItem(key);
    else storage.setItem(key, JSON.stringify([...pins].map(([id, { x, y }]) => [id, Math.round(x), Math.round(y)])));
  } catch {
    // No room, or storage is switched off.
  }
}
