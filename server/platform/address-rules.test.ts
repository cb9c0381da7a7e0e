import type { LookupAddress } from "node:dns";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAddressRange, type AddressRange } from "#domain/address-range.ts";
import { AddressRefused, AddressRules } from "./address-rules.ts";
import { startRawPeer, type Peer } from "#gateway/test-bed/peer.ts";

const ranges = (...texts: string[]): AddressRange[] => texts.flatMap((text) => parseAddressRange(text) ?? []);

/** Resolves names as the test says; each call takes the next answer, the last one stays. */
function names(answers: Record<string, string[]>) {
  return (
    hostname: string,
    _options: object,
    callback: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
  ): void => {
    const [next, ...later] = answers[hostname] ?? [];
    if (later.length > 0) answers[hostname] = later;
    if (next === undefined) callback(Object.assign(new Error("not found"), { code: "ENOTFOUND" }), []);
    else callback(null, [{ address: next, family: next.includes(":") ? 6 : 4 }]);
  };
}

const lookup = (rules: AddressRules, host: string, port = 80): Promise<string | LookupAddress[]> =>
  new Promise((resolve, reject) => {
    rules.lookup(port)(host, {}, (error, address) => (error === null ? resolve(address) : reject(error)));
  });

describe("addresses that instances may lead to", () => {
  it.each(["10.1.2.3", "192.168.0.9", "203.0.113.9", "2001:db8::1", "fd12::1", "::ffff:10.0.0.1", "64:ff9b::a00:1"])(
    "by default %s",
    (address) => expect(new AddressRules().check(address, 8080)).toBe(true),
  );

  it.each([
    "127.0.0.1",
    "127.8.9.1",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "0.0.0.0",
    "0.1.2.3",
    "::",
    "::7f00:1",
    "169.254.169.254",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "fe80::1",
    "fe80::1%eth0",
    "febf::1",
    "fd00:ec2::254",
    "fd00:0ec2:0::0254",
    "fd20:ce::254",
    "100.100.100.200",
    "168.63.129.16",
    "224.0.0.1",
    "ff02::1",
    "255.255.255.255",
    "localhost",
    "2130706433",
    "",
  ])("never by default %s", (address) => expect(new AddressRules().check(address, 8080)).toBe(false));

  it("include what a range as narrow as the built-in one allows", () => {
    const rules = new AddressRules({ allow: ranges("0.0.0.0/0", "::/0", "127.0.0.0/8", "169.254.7.0/24") });
    expect(rules.check("127.0.0.1", 80)).toBe(true);
    expect(rules.check("::ffff:127.0.0.1", 80)).toBe(true);
    expect(rules.check("169.254.7.1", 80)).toBe(true);
    expect(rules.check("10.0.0.1", 80)).toBe(true);
    expect(rules.check("169.254.169.254", 80)).toBe(false);
    expect(rules.check("::1", 80)).toBe(false);
  });

  it("are those of the allowed ranges only, when there are any", () => {
    const rules = new AddressRules({ allow: ranges("10.0.0.0/8", "10.9.9.9"), deny: ranges("10.9.0.0/16", "::/0") });
    expect(rules.check("10.1.0.1", 80)).toBe(true);
    expect(rules.check("10.9.0.1", 80)).toBe(false);
    expect(rules.check("10.9.9.9", 80)).toBe(true);
    expect(rules.check("192.0.2.1", 80)).toBe(false);
    expect(rules.check("2001:db8::1", 80)).toBe(false);
  });

  it("are refused where one list denies what the other allows", () => {
    const both = ranges("10.0.0.0/8");
    expect(new AddressRules({ allow: both, deny: both }).check("10.0.0.1", 80)).toBe(false);
  });
});

describe("guarded endpoints", () => {
  it("are refused in every spelling, while other ports of their machines are not", () => {
    const rules = new AddressRules();
    rules.guard({ host: "10.0.0.5", port: 2181 });
    expect(rules.check("10.0.0.5", 2181)).toBe(false);
    expect(rules.check("::ffff:10.0.0.5", 2181)).toBe(false);
    expect(rules.check("64:ff9b::a00:5", 2181)).toBe(false);
    expect(rules.check("10.0.0.5", 8080)).toBe(true);
    expect(rules.check("10.0.0.6", 2181)).toBe(true);
  });

  it("are followed to where their names lead, and their port is closed everywhere until that is known", () => {
    const answers: Record<string, string[]> = {};
    const rules = new AddressRules({ resolve: names(answers) });
    rules.guard({ host: "zk.example", port: 2181 });
    expect(rules.check("10.0.0.6", 2181)).toBe(false);
    answers["zk-2.example"] = ["10.0.0.5"];
    const known = new AddressRules({ resolve: names(answers) });
    known.guard({ host: "zk-2.example", port: 2181 });
    expect(known.check("10.0.0.5", 2181)).toBe(false);
    expect(known.check("10.0.0.6", 2181)).toBe(true);
  });

  it("on a wildcard are refused at every address of this machine", () => {
    const rules = new AddressRules({ allow: ranges("::/0", "127.0.0.0/8", "::1") });
    rules.guard({ host: "0.0.0.0", port: 8080 });
    const own = Object.values(networkInterfaces()).flatMap((each) => each?.map(({ address }) => address) ?? []);
    for (const address of ["127.0.0.1", "::1", ...own])
      expect([address, rules.check(address, 8080)]).toEqual([address, false]);
    expect(rules.check("127.0.0.1", 8081)).toBe(true);
  });
});

describe("names", () => {
  let peer: Peer;
  beforeAll(async () => {
    peer = await startRawPeer((socket) => socket.end());
  });
  afterAll(() => peer.stop());

  const open = (host: string, rules: AddressRules): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect({ host, port: peer.port, lookup: rules.lookup(peer.port) });
      socket.on("connect", () => socket.destroy() && resolve("connected"));
      socket.on("error", (error) => resolve(error instanceof AddressRefused ? "refused" : String(error)));
    });

  it.each(["2130706433", "0x7f.1", "127.1", "localhost"])("count as what %s resolves to", async (host) => {
    expect(await open(host, new AddressRules())).toBe("refused");
    expect(await open(host, new AddressRules({ allow: ranges("127.0.0.0/8", "::1") }))).toBe("connected");
  });

  it("are judged at each connection, by the address that is connected to", async () => {
    const resolve = names({ "evil.example": ["203.0.113.9", "127.0.0.1"] });
    const rules = new AddressRules({ resolve });
    expect(await lookup(rules, "evil.example")).toBe("203.0.113.9");
    expect(await open("evil.example", rules)).toBe("refused");
  });

  it("that do not resolve fail as the resolver says", async () => {
    await expect(lookup(new AddressRules({ resolve: names({}) }), "nowhere.example")).rejects.toMatchObject({
      code: "ENOTFOUND",
    });
  });

  it("lead only to those of their addresses that are allowed", async () => {
    const rules = new AddressRules({
      resolve: (_hostname, _options, callback) =>
        callback(null, [
          { address: "127.0.0.1", family: 4 },
          { address: "10.0.0.9", family: 4 },
        ]),
    });
    const all = await new Promise((resolve) => {
      rules.lookup(80)("two.example", { all: true }, (_error, found) => resolve(found));
    });
    expect(all).toEqual([{ address: "10.0.0.9", family: 4 }]);
  });
});
