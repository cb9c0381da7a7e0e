import { randomHex } from "./random-hex.ts";

/** A trace that a request belongs to (W3C Trace Context, level 1). */
export interface Trace {
  /** 32 hexadecimal digits, lower case, not all zero. */
  readonly id: string;
  readonly sampled: boolean;
}

/** Length of a version-00 `traceparent`: `00-` trace id `-` parent id `-` flags. */
const LENGTH = 55;
const MAX_STATE = 512;
const MAX_MEMBERS = 32;
const ZERO_PARENT = "0".repeat(16);
const ZERO_TRACE = "0".repeat(32);

/** Reads a `traceparent` (§3.2); null when it must not be used. Later versions are read as far as level 1 knows them (§4). */
export function readTraceparent(value: string): Trace | null {
  if (value.length < LENGTH || value[2] !== "-" || value[35] !== "-" || value[52] !== "-") return null;
  if (!isHex(value, 0, 2) || !isHex(value, 3, 35) || !isHex(value, 36, 52) || !isHex(value, 53, 55)) return null;
  if (value.startsWith("ff")) return null;
  if (value.length > LENGTH && (value.startsWith("00") || value[LENGTH] !== "-")) return null;
  const id = value.slice(3, 35);
  if (id === ZERO_TRACE || value.startsWith(ZERO_PARENT, 36)) return null;
  return { id, sampled: (Number.parseInt(value[54] ?? "0", 16) & 1) === 1 };
}

export function startTrace(sampled: boolean): Trace {
  return { id: randomHex(32), sampled };
}

/** The trace as the next one hears of it: the gateway takes part, under a parent id of its own (§3.4). */
export function writeTraceparent({ id, sampled }: Trace): string {
  return `00-${id}-${randomHex(16)}-${sampled ? "01" : "00"}`;
}

/** `tracestate` to pass on (§3.3), its fields in one; null when there is none, or it cannot be read. */
export function readTracestate(values: readonly string[]): string | null {
  const state = values.length === 1 ? (values[0] ?? "") : values.join(",");
  if (state === "" || state.length > MAX_STATE) return null;
  const members = state.split(",");
  if (members.length > MAX_MEMBERS || !members.every((member) => member.trim() === "" || member.indexOf("=") > 0))
    return null;
  for (let index = 0; index < state.length; index += 1) {
    const code = state.charCodeAt(index);
    if (code < 0x20 || code > 0x7e) return null;
  }
  return state;
}

function isHex(text: string, from: number, to: number): boolean {
  for (let index = from; index < to; index += 1) {
    const code = text.charCodeAt(index);
    const digit = code >= 0x30 && code <= 0x39;
    // Upper case is not allowed (§3.2.2.3).
    if (!digit && !(code >= 0x61 && code <= 0x66)) return false;
  }
  return true;
}
