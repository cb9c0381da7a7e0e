import { isIP } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inRange, parseAddress, parseAddressRange } from "./address-range.ts";

const within = (range: string, address: string): boolean | null => {
  const [parsedRange, parsedAddress] = [parseAddressRange(range), parseAddress(address)];
  return parsedRange === null || parsedAddress === null ? null : inRange(parsedRange, parsedAddress);
};

describe("parseAddress", () => {
  it("takes as an address exactly what Node takes for one", () => {
    const piece = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.stringMatching(/^[0-9a-fA-F:.]{0,20}$/),
      fc.constantFrom("::", ":::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::ffff:1.2.3.4", "1.2.3.4::"),
    );
    fc.assert(
      fc.property(piece, (text) => {
        expect([text, parseAddress(text) !== null]).toEqual([text, isIP(text) !== 0]);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(["2130706433", "0x7f.1", "127.1", "0177.0.0.1", "localhost", "localhost.", "", "1.2.3.4.", " 127.0.0.1"])(
    "leaves %s to the resolver",
    (text) => expect(parseAddress(text)).toBeNull(),
  );

  it("has one form for all spellings of an address", () => {
    for (const spelling of ["::ffff:127.0.0.1", "0:0:0:0:0:ffff:7f00:1", "::FFFF:7F00:0001"])
      expect(parseAddress(spelling)).toEqual(parseAddress("127.0.0.1"));
    expect(parseAddress("fe80::1%eth0")).toEqual(parseAddress("fe80:0::0:1"));
  });
});

describe("parseAddressRange", () => {
  it.each(["10.0.0.0/33", "10.0.0.1/8", "2001:db8::/129", "2001:db8::1/64", "10.0.0.0/", "10.0.0.0/8/8", "10/8", "x"])(
    "refuses %s",
    (text) => expect(parseAddressRange(text)).toBeNull(),
  );

  it("holds what its prefix says", () => {
    expect(within("10.0.0.0/8", "10.255.0.1")).toBe(true);
    expect(within("10.0.0.0/8", "11.0.0.0")).toBe(false);
    expect(within("10.0.0.0/8", "::ffff:10.1.2.3")).toBe(true);
    expect(within("0.0.0.0/0", "203.0.113.9")).toBe(true);
    expect(within("0.0.0.0/0", "2001:db8::1")).toBe(false);
    expect(within("::/0", "203.0.113.9")).toBe(true);
    expect(within("2001:db8::/33", "2001:db8:7fff::")).toBe(true);
    expect(within("2001:db8::/33", "2001:db8:8000::")).toBe(false);
    expect(within("192.0.2.7", "192.0.2.7")).toBe(true);
    expect(within("192.0.2.7", "192.0.2.6")).toBe(false);
  });

  it("agrees with arithmetic on every prefix", () => {
    const groups = fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 });
    const bigOf = (address: readonly number[]): bigint =>
      address.reduce((sum, group) => (sum << 16n) | BigInt(group), 0n);
    fc.assert(
      fc.property(groups, groups, fc.nat(128), (one, other, bits) => {
        const shift = BigInt(128 - bits);
        const start = one.map((group, index) => {
          const own = Math.min(16, Math.max(0, bits - index * 16));
          return group & ((0xffff << (16 - own)) & 0xffff);
        });
        const near = start.map((group, index) => (index < 6 ? group : (other[index] ?? 0)));
        for (const address of [other, near])
          expect(inRange({ start, bits }, address)).toBe(bigOf(start) >> shift === bigOf(address) >> shift);
      }),
    );
  });
});
