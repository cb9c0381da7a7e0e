import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAddressRange } from "#domain/address-range.ts";
import { Forwarder, type Forwarding, type Sender } from "./forwarding.ts";
import { TrustedPeers } from "./trusted-peers.ts";

const trusted = new TrustedPeers(["10.0.0.0/8", "fd00::/8"].flatMap((text) => parseAddressRange(text) ?? []));
const forwarder = new Forwarder({ trusted, samplePercent: 100 });
const PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

const sender = (remoteAddress: string, caller = "outside", scheme: Sender["scheme"] = "http"): Sender =>
  forwarder.sender({ remoteAddress, localPort: 8080, scheme }, caller);

const raw = (fields: Record<string, string | string[]>): string[] =>
  Object.entries(fields).flatMap(([name, values]) => [values].flat().flatMap((value) => [name, value]));

const sent = ({ fields }: Forwarding): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: fields.length / 2 }, (_, index) => [fields[index * 2] ?? "", fields[index * 2 + 1] ?? ""]),
  );

/** What the service is told of a request from `address` with these fields. */
const told = (address: string, fields: Record<string, string | string[]>, caller = "outside") =>
  sent(forwarder.forward(sender(address, caller), "shop.test:8080", raw(fields)));

const FORGED = {
  "X-Forwarded-For": "203.0.113.1, 10.0.0.7",
  "X-Forwarded-Proto": "https",
  "X-Forwarded-Host": "admin.test",
  "X-Forwarded-Port": "443",
  Forwarded: "for=203.0.113.1;proto=https",
  "X-Request-Id": "given-1",
  traceparent: PARENT,
  tracestate: "vendor=1",
};

describe("what a service is told of where a request came from", () => {
  it("is made here for anyone who is not trusted, whatever it says", () => {
    const fields = told("192.0.2.9", FORGED);
    expect(fields).toMatchObject({
      "x-forwarded-for": "192.0.2.9",
      "x-forwarded-proto": "http",
      "x-forwarded-host": "shop.test:8080",
      "x-forwarded-port": "8080",
      forwarded: 'for=192.0.2.9;host="shop.test:8080";proto=http',
      "x-request-id": expect.stringMatching(/^[0-9a-f]{32}$/),
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
    });
    expect(fields).not.toHaveProperty("tracestate");
    expect(fields["traceparent"]).not.toContain("0af7651916cd43dd8448eb211c80319c");
  });

  it("is taken over from a trusted peer, which is added to the way", () => {
    expect(told("10.0.0.9", FORGED)).toMatchObject({
      "x-forwarded-for": "203.0.113.1, 10.0.0.7, 10.0.0.9",
      "x-forwarded-proto": "https",
      "x-forwarded-host": "admin.test",
      "x-forwarded-port": "443",
      forwarded: "for=203.0.113.1;host=admin.test;proto=https, for=10.0.0.7, for=10.0.0.9",
      "x-request-id": "given-1",
      tracestate: "vendor=1",
    });
  });

  it("has of a service of the mesh only the request's and the trace's id", () => {
    const fields = told("127.0.0.1", FORGED, "storefront");
    expect(fields).toMatchObject({
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-proto": "http",
      "x-request-id": "given-1",
      tracestate: "vendor=1",
    });
    expect(fields["traceparent"]).toContain("0af7651916cd43dd8448eb211c80319c");
  });

  it("says https on an encrypted connection, and puts IPv6 in brackets and quotes", () => {
    const { fields, ...rest } = forwarder.forward(sender("2001:db8::9", "outside", "https"), "shop.test", []);
    expect(sent({ fields, ...rest })).toMatchObject({
      "x-forwarded-for": "2001:db8::9",
      "x-forwarded-proto": "https",
      forwarded: 'for="[2001:db8::9]";host=shop.test;proto=https',
    });
    expect(rest).toMatchObject({ clientAddress: "2001:db8::9", scheme: "https", host: "shop.test" });
  });

  it("writes IPv4 as such, also on a listener for both", () => {
    expect(told("::ffff:192.0.2.9", {})["x-forwarded-for"]).toBe("192.0.2.9");
    expect(told("::ffff:10.0.0.9", { "x-forwarded-for": "192.0.2.9" })["x-forwarded-for"]).toBe("192.0.2.9, 10.0.0.9");
  });
});

describe("the client's address", () => {
  const clientOf = (address: string, fields: Record<string, string | string[]>): string =>
    forwarder.forward(sender(address), "shop.test", raw(fields)).clientAddress;

  it.each([
    ["is the right-most that no trusted peer has", "203.0.113.1, 192.0.2.4, 10.0.0.7", "192.0.2.4"],
    ["is the left-most when all are trusted", "10.0.0.3, 10.0.0.7", "10.0.0.3"],
    ["is never behind something that is no address", "203.0.113.1, unknown, 10.0.0.7", "10.0.0.7"],
    ["may come with a port", "192.0.2.4:5531", "192.0.2.4"],
    ["may come in brackets", "[2001:db8::4]:5531", "2001:db8::4"],
    ["may be IPv6", "2001:db8::4", "2001:db8::4"],
  ])("%s", (_what, list, client) => {
    expect(clientOf("10.0.0.9", { "x-forwarded-for": list })).toBe(client);
  });

  it("is found across fields that are there more than once, and their end is what counts", () => {
    expect(clientOf("10.0.0.9", { "x-forwarded-for": ["203.0.113.1", "192.0.2.4, 10.0.0.7"] })).toBe("192.0.2.4");
  });

  it("is read from Forwarded where that speaks alone", () => {
    const forwarded =
      'for=203.0.113.1;proto=https, For="[2001:db8:cafe::17]:4711" ; proto=https;host="shop.test", for=10.0.0.7;proto=http';
    expect(clientOf("10.0.0.9", { forwarded })).toBe("2001:db8:cafe::17");
    expect(clientOf("10.0.0.9", { forwarded: 'for="192.0.2.4' })).toBe("10.0.0.9");
    expect(clientOf("10.0.0.9", { forwarded: "for=_hidden, for=10.0.0.7" })).toBe("10.0.0.7");
    expect(told("10.0.0.9", { forwarded: 'for=192.0.2.4;proto=https;host="shop.test:444"' })).toMatchObject({
      "x-forwarded-proto": "https",
      "x-forwarded-host": "shop.test:444",
      "x-forwarded-port": "443",
    });
  });

  it("hides what the client itself said of the way before it", () => {
    expect(told("10.0.0.9", { "x-forwarded-for": "127.0.0.1, 192.0.2.4" })["x-forwarded-for"]).toBe(
      "192.0.2.4, 10.0.0.9",
    );
  });
});

describe("bad values", () => {
  it.each([
    ["x-forwarded-proto", "gopher", "http"],
    ["x-forwarded-host", "a b", "shop.test:8080"],
    ["x-forwarded-host", "evil.test/path", "shop.test:8080"],
    ["x-forwarded-port", "99999", "8080"],
    ["x-forwarded-port", "80;x", "8080"],
    ["x-forwarded-for", "evil", "10.0.0.9"],
  ])("of %s are not passed on even for a trusted peer: %s", (name, value, instead) => {
    expect(told("10.0.0.9", { [name]: value })[name]).toBe(instead);
  });

  it.each(["", "a b", "x".repeat(129), "id\u00e9", "<script>", "a,b"])("of x-request-id are replaced: %s", (id) => {
    expect(told("10.0.0.9", { "x-request-id": id })["x-request-id"]).toMatch(/^[0-9a-f]{32}$/);
  });

  it("are two of what may be there once", () => {
    const fields = told("10.0.0.9", { "x-request-id": ["one", "two"], traceparent: [PARENT, PARENT] });
    expect(fields["x-request-id"]).toMatch(/^[0-9a-f]{32}$/);
    expect(fields["traceparent"]).not.toContain("0af7651916cd43dd8448eb211c80319c");
  });

  it("never reach the service, whatever they are", () => {
    const names = ["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port", "forwarded"];
    const nasty = fc.oneof(
      fc.string(),
      fc.stringMatching(/^[ -~]{0,60}$/),
      fc.stringMatching(/^(for|host|proto)="?[a-z0-9:.[\]]*"?(;|,)?/),
    );
    const fields = fc.array(fc.tuple(fc.constantFrom(...names, "x-request-id", "traceparent", "tracestate"), nasty));
    fc.assert(
      fc.property(fields, (pairs) => {
        const forwarding = forwarder.forward(sender("10.0.0.9"), "shop.test", pairs.flat());
        const all = sent(forwarding);
        expect(forwarding.fields).toHaveLength(Object.keys(all).length * 2);
        expect(all["x-forwarded-for"]).toMatch(/^[0-9a-f.:]+(, [0-9a-f.:]+)*$/i);
        expect(all["x-forwarded-host"]).toMatch(/^[\w.:[\]-]+$/);
        expect(all["x-forwarded-proto"]).toMatch(/^https?$/);
        expect(all["x-forwarded-port"]).toMatch(/^\d+$/);
        expect(all["forwarded"]).toMatch(/^for=[\w"[\]:.-]+;host="?[\w.:[\]-]+"?;proto=https?(, for=[\w"[\]:.]+)*$/);
        expect(all["x-request-id"]).toMatch(/^[\w.-]+$/);
        expect(all["traceparent"]).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
        expect(all["tracestate"] ?? "").toMatch(/^[ -~]*$/);
      }),
      { numRuns: 1000 },
    );
  });
});
