import { lookup as resolveName, type LookupAddress, type LookupAllOptions } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { networkInterfaces } from "node:os";
import { inRange, parseAddress, parseAddressRange, type Address, type AddressRange } from "#domain/address-range.ts";

/** A listener or server that instances must not lead to. */
export interface Endpoint {
  /** Host name or IP literal, without brackets; `0.0.0.0` and `::` stand for every address of this machine. */
  readonly host: string;
  readonly port: number;
}

export interface AddressRulesOptions {
  /** When there are any, what is in none of them is refused. */
  readonly allow?: readonly AddressRange[];
  readonly deny?: readonly AddressRange[];
  /** The system's resolver, unless a test has its own. */
  readonly resolve?: Resolve;
}

type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void;

/** Where a name or address leads may not be connected to. */
export class AddressRefused extends Error {
  /** As the system says it of what a firewall of its own refuses. */
  readonly code = "EACCES";

  constructor(host: string) {
    super(`${host} leads to an address that may not be connected to`);
    this.name = "AddressRefused";
  }
}

/** Refused unless a range at least as narrow allows it. */
const REFUSED = [
  "127.0.0.0/8",
  "::1/128",
  // Unspecified: systems take it for this machine. IPv6 also has IPv4-compatible addresses there (RFC 4291 §2.5.5.1).
  "0.0.0.0/8",
  "::/96",
  // Link-local, and where clouds hand out credentials: 169.254.169.254 and what AWS, Google, Alibaba and Azure have beside it.
  "169.254.0.0/16",
  "fe80::/10",
  "fd00:ec2::254",
  "fd20:ce::254",
  "100.100.100.200",
  "168.63.129.16",
  // Multicast and broadcast.
  "224.0.0.0/4",
  "ff00::/8",
  "255.255.255.255",
];
const EVERYTHING = ["::/0"];
/** IPv6 that a NAT64 turns into the IPv4 address in its last 32 bits (RFC 6052). */
const NAT64 = rangesOf(["64:ff9b::/96"]);
const LOOPBACK = ["127.0.0.1", "::1"];
const WILDCARDS = new Set(["0.0.0.0", "::"]);
/** Names of guarded endpoints are resolved again when they were last resolved this long ago, ms. */
const RESOLVE_EVERY_MS = 30_000;

interface Rule {
  readonly range: AddressRange;
  readonly allowed: boolean;
}

interface Guarded {
  readonly endpoint: Endpoint;
  /** Null until its name has been resolved: until then its port is refused everywhere. */
  addresses: ReadonlySet<string> | null;
}

/**
 * Which addresses instances may lead to. What they register is not believed: only the address that is connected to
 * counts, whatever name or spelling led to it. Of the ranges that hold an address the narrowest decides; of equally
 * narrow ones a denied before an allowed before our own.
 */
export class AddressRules {
  readonly #rules: readonly Rule[];
  readonly #guarded = new Map<number, Guarded[]>();
  readonly #resolve: Resolve;
  #resolvedMs = Number.NEGATIVE_INFINITY;

  constructor({ allow = [], deny = [], resolve = resolveName }: AddressRulesOptions = {}) {
    this.#resolve = resolve;
    const rule = (ranges: readonly AddressRange[], allowed: boolean): Rule[] =>
      ranges.map((range) => ({ range, allowed }));
    this.#rules = [
      ...rule(deny, false),
      ...rule(allow, true),
      ...rule(rangesOf(REFUSED), false),
      ...rule(rangesOf(EVERYTHING), allow.length === 0),
    ].sort((a, b) => b.range.bits - a.range.bits);
  }

  /** Refuses an endpoint from now on, wherever instances say that they are: ZooKeeper's servers, our own listeners. */
  guard(endpoint: Endpoint): void {
    const guarded: Guarded = { endpoint, addresses: null };
    this.#guarded.set(endpoint.port, [...(this.#guarded.get(endpoint.port) ?? []), guarded]);
    this.#locate(guarded);
  }

  /** Whether the address (an IP literal, never a name) may be connected to. */
  check(address: string, port: number): boolean {
    const parsed = parseAddress(address);
    if (parsed === null) return false;
    const decisive = NAT64.some((range) => inRange(range, parsed)) ? mapped(parsed) : parsed;
    if (!this.#allows(decisive) || !this.#allows(parsed)) return false;
    this.#keepResolved();
    const key = decisive.join(":");
    return !(this.#guarded.get(port) ?? []).some(({ addresses }) => addresses === null || addresses.has(key));
  }

  /**
   * Resolves names for `net.connect` and `tls.connect`, and leaves out what may not be connected to: so a name that
   * resolves differently from one moment to the next gains nothing. Sockets do not ask it about IP literals: those are
   * for `check`.
   */
  lookup(port: number): LookupFunction {
    return (hostname, options, callback) => {
      this.#resolve(hostname, { ...options, all: true }, (error, found) => {
        if (error !== null) return callback(error, "", 4);
        const allowed = found.filter(({ address }) => this.check(address, port));
        const [first] = allowed;
        if (first === undefined) return callback(new AddressRefused(hostname), "", 4);
        if (options.all === true) callback(null, allowed);
        else callback(null, first.address, first.family);
      });
    };
  }

  #allows(address: Address): boolean {
    return this.#rules.find(({ range }) => inRange(range, address))?.allowed === true;
  }

  /** Names move, and so do this machine's addresses. No timer: a gateway that connects to nobody need not know. */
  #keepResolved(): void {
    const nowMs = performance.now();
    if (nowMs - this.#resolvedMs < RESOLVE_EVERY_MS) return;
    this.#resolvedMs = nowMs;
    for (const guarded of [...this.#guarded.values()].flat()) this.#locate(guarded);
  }

  #locate(guarded: Guarded): void {
    const { host } = guarded.endpoint;
    if (isIP(host) !== 0) {
      guarded.addresses = keysOf(WILDCARDS.has(host) ? addressesOfThisMachine() : [host]);
      return;
    }
    // What a name resolved to last stands while the resolver is away.
    this.#resolve(host, { all: true }, (error, found) => {
      if (error === null) guarded.addresses = keysOf(found.map(({ address }) => address));
    });
  }
}

function addressesOfThisMachine(): string[] {
  const own = Object.values(networkInterfaces()).flatMap((each) => each?.map(({ address }) => address) ?? []);
  return [...LOOPBACK, ...own];
}

function mapped(address: Address): Address {
  return [0, 0, 0, 0, 0, 0xffff, address[6] ?? 0, address[7] ?? 0];
}

function keysOf(addresses: readonly string[]): ReadonlySet<string> {
  return new Set(addresses.flatMap((address) => parseAddress(address)?.join(":") ?? []));
}

function rangesOf(texts: readonly string[]): AddressRange[] {
  return texts.flatMap((text) => parseAddressRange(text) ?? []);
}
