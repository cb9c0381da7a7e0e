import { OUTSIDE } from "#domain/traffic.ts";
import { readClaims, unmapped, type ClaimFields, type Claims } from "./forwarding-claims.ts";
import { randomHex } from "./random-hex.ts";
import { readTraceparent, readTracestate, startTrace, writeTraceparent } from "./trace-context.ts";
import type { TrustedPeers } from "./trusted-peers.ts";

/** What can be seen of a connection. */
export interface Connection {
  readonly remoteAddress: string;
  readonly localPort: number;
  readonly scheme: "http" | "https";
}

/** Who sends requests on a connection; found out once for each connection. */
export interface Sender {
  /** IPv4 as such, also on a listener for both. */
  readonly address: string;
  readonly scheme: "http" | "https";
  /** Port it connected to. */
  readonly port: string;
  /** A trusted peer is believed in everything; a service of the mesh in the ids it passes on; others in nothing. */
  readonly believed: "everything" | "ids" | "nothing";
  /** As an element of `Forwarded`. */
  readonly element: string;
}

/** Where a request came from, and what the service is told of it. */
export interface Forwarding {
  /** The furthest address whose word need not be taken for it: the right-most one that is no trusted peer. */
  readonly clientAddress: string;
  /** As the client used them. */
  readonly scheme: "http" | "https";
  readonly host: string;
  readonly requestId: string;
  /** Whether other fields that begin with `x-forwarded-` may go on as they came. */
  readonly passOthers: boolean;
  /** Fields to send: name, value, name, value. */
  readonly fields: readonly string[];
}

export interface ForwarderOptions {
  readonly trusted: TrustedPeers;
  /** Of traces that begin here, how many are marked for recording, percent. */
  readonly samplePercent: number;
}

/** Fields of requests, in lower case, that are said anew by `Forwarding.fields`, or by nobody. */
export const FORWARDING_FIELDS: readonly string[] = [
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-forwarded-host",
  "x-forwarded-port",
  "x-real-ip",
  "x-request-id",
  "traceparent",
  "tracestate",
];

/** Tells services where requests come from. What senders say of it is used only where they are believed. */
export class Forwarder {
  readonly #trusted: TrustedPeers;
  readonly #samplePercent: number;

  constructor({ trusted, samplePercent }: ForwarderOptions) {
    this.#trusted = trusted;
    this.#samplePercent = samplePercent;
  }

  /** `caller` is the egress listener's service, or `outside`. */
  sender({ remoteAddress, localPort, scheme }: Connection, caller: string): Sender {
    const address = unmapped(remoteAddress);
    const believed = this.#trusted.trusts(address) ? "everything" : caller === OUTSIDE ? "nothing" : "ids";
    return { address, scheme, port: String(localPort), believed, element: elementOf(address) };
  }

  /** `authority` is the request's, checked; `headers` its fields: name, value, name, value. */
  forward(sender: Sender, authority: string, headers: readonly string[]): Forwarding {
    if (sender.believed === "nothing") return this.#fresh(sender, authority, null, null);
    const given = collect(headers);
    const requestId = isRequestId(given.requestId) ? given.requestId : null;
    if (sender.believed === "ids") return this.#fresh(sender, authority, requestId, given);
    return this.#believe(sender, authority, requestId, given);
  }

  #fresh(sender: Sender, authority: string, givenId: string | null, given: Given | null): Forwarding {
    const { address, scheme, port, element } = sender;
    const requestId = givenId ?? randomHex(32);
    const fields = [
      "x-forwarded-for",
      address,
      "x-forwarded-proto",
      scheme,
      "x-forwarded-host",
      authority,
      "x-forwarded-port",
      port,
      "forwarded",
      `${element};host=${tokenOrQuoted(authority)};proto=${scheme}`,
      "x-request-id",
      requestId,
    ];
    this.#trace(fields, given);
    return { clientAddress: address, scheme, host: authority, requestId, passOthers: false, fields };
  }

  #believe(sender: Sender, authority: string, givenId: string | null, given: Given): Forwarding {
    const claims = readClaims(given);
    const scheme = claims.scheme ?? sender.scheme;
    const host = claims.host ?? authority;
    const requestId = givenId ?? randomHex(32);
    const way = this.#way(sender, claims);
    const [client = sender.address, ...others] = way;
    const first = `${elementOf(client)};host=${tokenOrQuoted(host)};proto=${scheme}`;
    const fields = [
      "x-forwarded-for",
      way.join(", "),
      "x-forwarded-proto",
      scheme,
      "x-forwarded-host",
      host,
      "x-forwarded-port",
      portOf(sender, claims),
      "forwarded",
      [first, ...others.map(elementOf)].join(", "),
      "x-request-id",
      requestId,
    ];
    this.#trace(fields, given);
    return { clientAddress: client, scheme, host, requestId, passOthers: true, fields };
  }

  /** From the client to the sender. What the client itself says of the way before it goes no further. */
  #way(sender: Sender, claims: Claims): string[] {
    const way = [sender.address];
    for (const hop of claims.hops) {
      way.unshift(hop);
      if (!this.#trusted.trusts(hop)) break;
    }
    return way;
  }

  #trace(fields: string[], given: Given | null): void {
    const known = given?.traceparent == null ? null : readTraceparent(given.traceparent);
    fields.push("traceparent", writeTraceparent(known ?? startTrace(this.#sampled())));
    const state = known === null || given === null ? null : readTracestate(given.tracestate);
    if (state !== null) fields.push("tracestate", state);
  }

  #sampled(): boolean {
    return this.#samplePercent >= 100 || Math.random() * 100 < this.#samplePercent;
  }
}

interface Given extends ClaimFields {
  readonly requestId: string | null;
  readonly traceparent: string | null;
  readonly tracestate: readonly string[];
}

/** Shortest and longest name that matters. */
const SHORTEST = "forwarded".length;
const LONGEST = "x-forwarded-proto".length;

/** One pass over the fields. Of those that may be there once only, two say nothing. */
function collect(headers: readonly string[]): Given {
  const lists = { forwardedFor: [] as string[], forwarded: [] as string[], tracestate: [] as string[] };
  const single: { proto?: string; host?: string; port?: string; requestId?: string; traceparent?: string } = {};
  const once = (name: keyof typeof single, value: string): void => {
    // Two values are read by nobody: neither is a scheme, a host, a port, an id.
    single[name] = single[name] === undefined ? value : "";
  };
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? "";
    if (name.length < SHORTEST || name.length > LONGEST) continue;
    const value = headers[index + 1] ?? "";
    switch (name.toLowerCase()) {
      case "x-forwarded-for":
        lists.forwardedFor.push(value);
        break;
      case "forwarded":
        lists.forwarded.push(value);
        break;
      case "tracestate":
        lists.tracestate.push(value);
        break;
      case "x-forwarded-proto":
        once("proto", value);
        break;
      case "x-forwarded-host":
        once("host", value);
        break;
      case "x-forwarded-port":
        once("port", value);
        break;
      case "x-request-id":
        once("requestId", value);
        break;
      case "traceparent":
        once("traceparent", value);
        break;
      default:
    }
  }
  const { proto = null, host = null, port = null, requestId = null, traceparent = null } = single;
  return { ...lists, proto, host, port, requestId, traceparent };
}

function portOf(sender: Sender, claims: Claims): string {
  if (claims.port !== null) return claims.port;
  if (claims.scheme === null) return sender.port;
  return claims.scheme === "https" ? "443" : "80";
}

/** Letters, digits, `.`, `_`, `-`, up to 128: safe in a log, a URL and a field. */
function isRequestId(text: string | null): text is string {
  if (text === null || text === "" || text.length > 128) return false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const letter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
    const digit = code >= 0x30 && code <= 0x39;
    if (!letter && !digit && code !== 0x2d && code !== 0x2e && code !== 0x5f) return false;
  }
  return true;
}

/** IPv6 goes in brackets, and so in quotes (RFC 7239 §6). */
function elementOf(address: string): string {
  return address.includes(":") ? `for="[${address}]"` : `for=${address}`;
}

/** Hosts have no characters that would have to be escaped; those with a port or brackets are no tokens. */
function tokenOrQuoted(host: string): string {
  return host.includes(":") ? `"${host}"` : host;
}
