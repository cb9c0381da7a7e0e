import { z } from "zod";
import { Prisma } from "./generated/client.ts";

/** A copy with JSON's values only, as Prisma's types want them; SQL's NULL for null. */
export function jsonOrNull(value: unknown): Prisma.InputJsonValue | typeof Prisma.DbNull {
  return z.json().parse(JSON.parse(JSON.stringify(value ?? null))) ?? Prisma.DbNull;
}

/** The same for an object. */
export function jsonOf(value: object): Prisma.InputJsonObject {
  return z.record(z.string(), z.json()).parse(JSON.parse(JSON.stringify(value)));
}

/** The text of a value for a json column; null, which is SQL's NULL, for null. */
export function jsonText(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}
