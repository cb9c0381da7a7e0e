import type { FieldType } from "./fields.ts";

/** Factors to the field's own unit, by what may stand after the number; the first is the one written. */
const UNITS: Readonly<Record<FieldType, Readonly<Record<string, number>>>> = {
  text: {},
  flag: {},
  percent: { "%": 1, "": 1 },
  latency: { ms: 1, "": 1, us: 0.001, µs: 0.001, s: 1000, min: 60_000 },
  rate: { "/s": 1, "": 1, "/sec": 1, "/m": 1 / 60, "/min": 1 / 60, k: 1000, "k/s": 1000, rps: 1 },
  bytes: {
    b: 1,
    "": 1,
    "b/s": 1,
    kb: 1e3,
    "kb/s": 1e3,
    mb: 1e6,
    "mb/s": 1e6,
    gb: 1e9,
    "gb/s": 1e9,
    kib: 1024,
    mib: 1024 ** 2,
    gib: 1024 ** 3,
  },
  count: { "": 1 },
};

const WRITTEN: Readonly<Record<FieldType, string>> = {
  text: "",
  flag: "",
  percent: "%",
  latency: "ms",
  rate: "/s",
  bytes: "B",
  count: "",
};

const NUMBER = /^(\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)(.*)$/iu;

/** A number with its unit, in the field's own unit; null when it is none. */
export function readQuantity(text: string, type: FieldType): number | null {
  const [, digits = "", unit = ""] = NUMBER.exec(text) ?? [];
  const factor = digits === "" ? undefined : Object.entries(UNITS[type]).find(([name]) => name === unit.toLowerCase());
  if (factor === undefined) return null;
  const number = Number(digits) * factor[1];
  // 1.1 s is 1100 ms, whatever binary fractions make of it.
  return Number.isFinite(number) ? Number(number.toPrecision(12)) : null;
}

/** The number as one writes it. */
export function writeQuantity(number: number, type: FieldType): string {
  return `${number.toString()}${WRITTEN[type]}`;
}

/** What a number of the field looks like, for messages. */
export const EXAMPLES: Readonly<Record<FieldType, string>> = {
  text: "a name",
  flag: "yes or no",
  percent: "a share such as 1%",
  latency: "a time such as 500ms or 2s",
  rate: "a rate such as 10/s",
  bytes: "a size such as 1MB",
  count: "a number",
};
