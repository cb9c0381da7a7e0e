/** An IP address as eight groups of 16 bits. IPv4 is written as IPv4-mapped IPv6 (RFC 4291 §2.5.5.2), so that both spellings are one address. */
export type Address = readonly number[];

/** All addresses that share their first `bits` of 128 with `start`. */
export interface AddressRange {
  readonly start: Address;
  readonly bits: number;
}

/** Bits that IPv4-mapped addresses have in common. */
const MAPPED_BITS = 96;

/**
 * Reads an address as RFC 4291 §2.2 and dotted decimal have it; a zone (`fe80::1%eth0`) is left out. Null for anything
 * else: `127.1`, `0x7f.1` and `2130706433` are names to a resolver, not addresses.
 */
export function parseAddress(text: string): Address | null {
  if (!text.includes(":")) {
    const tail = parseDotted(text);
    return tail === null ? null : [0, 0, 0, 0, 0, 0xffff, ...tail];
  }
  const zone = text.indexOf("%");
  return parseGroups(zone === -1 ? text : text.slice(0, zone));
}

/** Reads `10.0.0.0/8`, `2001:db8::/32`, or an address alone. Null when it is none, or has bits set behind its prefix. */
export function parseAddressRange(text: string): AddressRange | null {
  const slash = text.indexOf("/");
  const start = parseAddress(slash === -1 ? text : text.slice(0, slash));
  if (start === null || text.includes("%")) return null;
  const base = text.includes(":") ? 0 : MAPPED_BITS;
  const prefix = slash === -1 ? String(128 - base) : text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > 128 - base) return null;
  const bits = base + Number(prefix);
  return start.every((group, index) => (group & ~maskOf(bits, index)) === 0) ? { start, bits } : null;
}

/** Whether the address lies in the range. */
export function inRange(range: AddressRange, address: Address): boolean {
  for (let index = 0; index * 16 < range.bits; index += 1) {
    const differing = (range.start[index] ?? 0) ^ (address[index] ?? 0);
    if ((differing & maskOf(range.bits, index)) !== 0) return false;
  }
  return true;
}

/** The bits of a group that belong to a prefix. */
function maskOf(bits: number, group: number): number {
  const own = Math.min(16, Math.max(0, bits - group * 16));
  return (0xffff << (16 - own)) & 0xffff;
}

/** Read digit by digit: requests name addresses, too. */
function parseDotted(text: string): [number, number] | null {
  let value = 0;
  let part = -1;
  let dots = 0;
  for (let index = 0; index < text.length; index += 1) {
    const digit = text.charCodeAt(index) - 0x30;
    if (digit === -2 && part >= 0) {
      value = value * 256 + part;
      part = -1;
      dots += 1;
      // No leading zeros: some read them as octal.
    } else if (digit < 0 || digit > 9 || part === 0) return null;
    else part = part < 0 ? digit : part * 10 + digit;
    if (part > 255) return null;
  }
  if (dots !== 3 || part < 0) return null;
  return [Math.floor(value / 256), (value % 256) * 256 + part];
}

function parseGroups(text: string): Address | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const [head = "", tail] = halves;
  const before = groupsOf(head, tail === undefined);
  const after = tail === undefined ? [] : groupsOf(tail, true);
  if (before === null || after === null) return null;
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  return [...before, ...Array.from({ length: missing }, () => 0), ...after];
}

/** `last`: the text ends the address, so that it may end in dotted decimal. */
function groupsOf(text: string, last: boolean): number[] | null {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    if (/^[0-9A-Fa-f]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else {
      const dotted = last && index === parts.length - 1 ? parseDotted(part) : null;
      if (dotted === null) return null;
      groups.push(...dotted);
    }
  }
  return groups;
}
