import { parseAddress } from "#domain/address-range.ts";

/** What a request says of the way it has come so far, as far as it can be read. Null: it says nothing of it. */
export interface Claims {
  /** Addresses it passed, the latest first. Ends before the first that cannot be read. */
  hops: string[];
  scheme: "http" | "https" | null;
  host: string | null;
  port: string | null;
}

/** The fields that say so, as they came. */
export interface ClaimFields {
  /** One for each `X-Forwarded-For`, in order. */
  readonly forwardedFor: readonly string[];
  /** One for each `Forwarded` (RFC 7239), in order. */
  readonly forwarded: readonly string[];
  readonly proto: string | null;
  readonly host: string | null;
  readonly port: string | null;
}

/** Further back nobody looks. */
const MAX_HOPS = 20;
const MAX_HOST = 260;

/** Reads them. Of lists the last entry counts: it is the word of the peer itself. `Forwarded` speaks where the others are silent. */
export function readClaims(fields: ClaimFields): Claims {
  const elements = fields.forwarded.length === 0 ? [] : readForwarded(fields.forwarded.join(","));
  const latest = elements.at(-1);
  const listed = fields.forwardedFor.length > 0;
  const addresses = listed
    ? fields.forwardedFor.join(",").split(",")
    : elements.map((element) => element.get("for") ?? "");
  return {
    hops: hopsOf(addresses),
    scheme: schemeOf(lastOf(fields.proto)) ?? schemeOf(latest?.get("proto")),
    host: hostOf(lastOf(fields.host)) ?? hostOf(latest?.get("host")),
    port: portOf(lastOf(fields.port)),
  };
}

/** An address as it is passed on: no port, no brackets, IPv4 as such. Null when it is none: `unknown`, `_hidden`. */
function hopAddress(text: string): string | null {
  let address = text.trim();
  if (address.startsWith("[")) address = address.slice(1, address.indexOf("]"));
  else if (address.indexOf(":") === address.lastIndexOf(":")) address = address.split(":", 1)[0] ?? "";
  if (address.includes("%") || parseAddress(address) === null) return null;
  return unmapped(address);
}

/** IPv4 clients of a listener on `::` have addresses such as `::ffff:192.0.2.1`. */
export function unmapped(address: string): string {
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
}

function hopsOf(addresses: readonly string[]): string[] {
  const hops: string[] = [];
  for (let index = addresses.length - 1; index >= 0 && hops.length < MAX_HOPS; index -= 1) {
    const hop = hopAddress(addresses[index] ?? "");
    if (hop === null) break;
    hops.push(hop);
  }
  return hops;
}

function lastOf(list: string | null): string | undefined {
  return list === null ? undefined : list.slice(list.lastIndexOf(",") + 1).trim();
}

function schemeOf(text: string | undefined): Claims["scheme"] {
  const scheme = text?.toLowerCase();
  return scheme === "http" || scheme === "https" ? scheme : null;
}

function hostOf(text: string | undefined): string | null {
  return text !== undefined && text.length <= MAX_HOST && /^[A-Za-z0-9[][A-Za-z0-9_.:[\]-]*$/.test(text) ? text : null;
}

function portOf(text: string | undefined): string | null {
  return text !== undefined && /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535 ? text : null;
}

/** One pair of RFC 7239 §4: `name=token` or `name="quoted"`; then what ends it. */
const PAIR = /\s*([A-Za-z]+)=(?:([!#$%&'*+.^_`|~0-9A-Za-z:[\]-]+)|"((?:[^"\\]|\\.)*)")\s*(;|,|$)/y;

/** Its elements, the earliest first, each with its parameters by name. Empty when any of it cannot be read. */
function readForwarded(text: string): Map<string, string>[] {
  const elements: Map<string, string>[] = [];
  let element = new Map<string, string>();
  for (PAIR.lastIndex = 0; PAIR.lastIndex < text.length;) {
    const [, name = "", token, quoted = "", ending] = PAIR.exec(text) ?? [];
    if (name === "") return [];
    element.set(name.toLowerCase(), token ?? quoted.replaceAll(/\\(.)/g, "$1"));
    if (ending === ";") continue;
    elements.push(element);
    element = new Map();
  }
  return elements;
}
