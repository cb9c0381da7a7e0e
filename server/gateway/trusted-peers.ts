import { inRange, parseAddress, type AddressRange } from "#domain/address-range.ts";

/** Verdicts kept; a client that comes from more addresses than this is judged anew each time. */
const KEPT = 10_000;

/** The peers whose account of where a request came from is believed: proxies in front of the gateway. */
export class TrustedPeers {
  readonly #ranges: readonly AddressRange[];
  readonly #verdicts = new Map<string, boolean>();

  constructor(ranges: readonly AddressRange[] = []) {
    this.#ranges = ranges;
  }

  /** Whether an address (an IP literal) is one of theirs. Nobody is, where no range was given. */
  trusts(address: string): boolean {
    if (this.#ranges.length === 0) return false;
    const known = this.#verdicts.get(address);
    if (known !== undefined) return known;
    const parsed = parseAddress(address);
    const verdict = parsed !== null && this.#ranges.some((range) => inRange(range, parsed));
    if (this.#verdicts.size < KEPT) this.#verdicts.set(address, verdict);
    return verdict;
  }
}
