import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { INSTANCE_BYTES_MAX, isReadable, parseInstance } from "./parse-instance.ts";
import { encodeInstance } from "./register-instance.ts";

const parse = (value: unknown): ReturnType<typeof parseInstance> =>
  parseInstance("orders", "i1", Buffer.from(typeof value === "string" ? value : JSON.stringify(value)));

/** As Curator writes it, with members replaced. */
const curator = (members: object): object => ({
  name: "orders",
  id: "i1",
  address: "10.0.0.7",
  port: 8080,
  sslPort: null,
  payload: null,
  registrationTimeUTC: 1_700_000_000_000,
  serviceType: "DYNAMIC",
  uriSpec: null,
  ...members,
});

describe("parseInstance reads", () => {
  it("Curator's entry, byte for byte", () => {
    const text =
      '{"name":"orders","id":"i1","address":"10.0.0.7","port":8080,"sslPort":null,"payload":null,"registrationTimeUTC":1700000000000,"serviceType":"DYNAMIC","uriSpec":null}';
    expect(parse(text)).toEqual({
      service: "orders",
      id: "i1",
      address: "10.0.0.7",
      port: 8080,
      protocol: "http",
      tls: false,
      metadata: {},
      serving: true,
      weight: null,
      presence: "present",
      origin: "curator",
      registeredAtMs: 1_700_000_000_000,
    });
  });

  it("Spring Cloud's payload, and its drain flag", () => {
    const spring = (metadata: object): object =>
      curator({
        payload: {
          "@class": "org.springframework.cloud.zookeeper.discovery.ZookeeperInstance",
          id: "application-1",
          name: "orders",
          metadata,
        },
      });
    expect(parse(spring({ instance_status: "UP", version: "2" }))).toMatchObject({
      origin: "spring-cloud",
      serving: true,
      metadata: { version: "2" },
    });
    for (const instance_status of ["OUT_OF_SERVICE", "DOWN", "UNKNOWN", "up"])
      expect(parse(spring({ instance_status }))).toMatchObject({ serving: false });
    for (const metadata of [{}, { instance_status: "" }, { instance_status: " " }])
      expect(parse(spring(metadata))).toMatchObject({ serving: true });
  });

  it("Dubbo's application-level entry, whose port may be in its endpoints only", () => {
    const payload = {
      "@class": "org.apache.dubbo.registry.zookeeper.ZookeeperInstance",
      id: "10.0.0.7:20880",
      name: "orders",
      metadata: { "dubbo.endpoints": '[{"port":20880,"protocol":"dubbo"}]', "dubbo.metadata.revision": "ab" },
    };
    expect(parse(curator({ payload, port: null }))).toMatchObject({
      origin: "dubbo",
      port: 20_880,
      protocol: "dubbo",
      serving: true,
    });
    expect(parse(curator({ payload }))).toMatchObject({ port: 8080, protocol: "dubbo" });
    expect(
      parse(curator({ port: null, payload: { ...payload, metadata: { "dubbo.endpoints": "[{" } } })),
    ).toMatchObject({ problem: "it has no port" });
  });

  it("of several Dubbo endpoints the one that speaks HTTP, else the one its entry names, however long their list is", () => {
    const dubbo = (endpoints: unknown, port: number | null = 20_880): unknown =>
      parse(
        curator({
          port,
          payload: {
            "@class": "org.apache.dubbo.registry.zookeeper.ZookeeperInstance",
            metadata: { "dubbo.endpoints": JSON.stringify(endpoints), weight: "50", pad: "x" },
          },
        }),
      );
    const [tri, rest] = [
      { port: 50_051, protocol: "tri" },
      { port: 8081, protocol: "REST" },
    ];
    expect(dubbo([{ port: 20_880, protocol: "dubbo" }, tri, rest])).toMatchObject({
      port: 8081,
      protocol: "rest",
      tls: false,
      weight: 50,
    });
    expect(dubbo([tri, { port: 20_880, protocol: "grpc" }])).toMatchObject({ port: 20_880, protocol: "grpc" });
    expect(dubbo([tri], null)).toMatchObject({ port: 50_051, protocol: "tri" });
    expect(dubbo([{ port: 443, protocol: "https" }])).toMatchObject({ port: 443, protocol: "https", tls: true });
    const many = Array.from({ length: 60 }, (_, n) => ({ port: 3000 + n, protocol: "dubbo" }));
    expect(dubbo([...many, rest])).toMatchObject({ port: 8081 });
    // One that is wrong does not spoil the others.
    expect(dubbo([{ port: 0, protocol: "rest" }, { port: 1, protocol: "<b>" }, null, tri])).toMatchObject({
      port: 20_880,
    });
  });

  it("a weight in its metadata, where that is a whole number", () => {
    const weight = (text: unknown): unknown => parse(curator({ payload: { weight: text } }));
    expect(weight("250")).toMatchObject({ weight: 250 });
    expect(weight(0)).toMatchObject({ weight: 0 });
    expect(weight("1000000")).toMatchObject({ weight: 1000 });
    for (const text of ["-1", "1.5", "", "NaN", "1e3", "999999999999999999999", null, {}, "0x10", "٣"])
      expect(weight(text)).toMatchObject({ weight: null });
  });

  it("every form of payload Jackson writes", () => {
    expect(parse(curator({ payload: "hello" }))).toMatchObject({ metadata: {}, origin: "curator" });
    expect(parse(curator({ payload: { "@class": "java.util.LinkedHashMap", zone: "a", count: 3 } }))).toMatchObject({
      metadata: { zone: "a", count: "3" },
    });
    expect(parse(curator({ payload: ["java.util.ArrayList", ["x"]] }))).toMatchObject({ metadata: {} });
    expect(parse(curator({ payload: ["java.util.TreeMap", { zone: "b" }] }))).toMatchObject({
      metadata: { zone: "b" },
    });
  });

  it("a port as text, a TLS port before the plain one, enabled=false, an IPv6 address in brackets", () => {
    expect(parse(curator({ port: "81" }))).toMatchObject({ port: 81, tls: false });
    expect(parse(curator({ sslPort: 8443 }))).toMatchObject({ port: 8443, tls: true });
    expect(parse(curator({ enabled: false }))).toMatchObject({ serving: false });
    expect(parse(curator({ address: "[::1]" }))).toMatchObject({ address: "::1" });
  });

  it("Spring Cloud's entry as found in the wild, with a context path and a status", () => {
    const text =
      '{"name":"orders","id":"06c0af4c","address":"orders.internal","port":8040,"sslPort":null,"payload":{"@class":"org.springframework.cloud.zookeeper.discovery.ZookeeperInstance","id":"application-1","name":"orders","metadata":{"instance_status":"OUT_OF_SERVICE","contextPath":"/orders"}},"registrationTimeUTC":1553592092875,"serviceType":"DYNAMIC","uriSpec":{"parts":[{"value":"scheme","variable":true},{"value":"://","variable":false},{"value":"address","variable":true},{"value":":","variable":false},{"value":"port","variable":true}]}}';
    expect(parse(text)).toMatchObject({
      address: "orders.internal",
      port: 8040,
      protocol: "http",
      serving: false,
      origin: "spring-cloud",
      metadata: { contextPath: "/orders" },
    });
  });

  it("Dubbo's application-level entry as found in the wild, its revision as a label", () => {
    const text =
      '{"name":"stock","id":"10.0.0.7:20880","address":"10.0.0.7","port":20880,"sslPort":null,"payload":{"@class":"org.apache.dubbo.registry.zookeeper.ZookeeperInstance","id":"10.0.0.7:20880","name":"stock","metadata":{"dubbo.endpoints":"[{\\"port\\":20880,\\"protocol\\":\\"dubbo\\"},{\\"port\\":50051,\\"protocol\\":\\"tri\\"}]","dubbo.metadata-service.url-params":"{\\"dubbo\\":{\\"version\\":\\"1.0.0\\"}}","dubbo.metadata.revision":"d41d8cd98f00b204","dubbo.metadata.storage-type":"local","ipv6":"fd00::7","timestamp":"1700000000000"}},"registrationTimeUTC":1700000000000,"serviceType":"DYNAMIC","uriSpec":null}';
    expect(parse(text)).toMatchObject({
      origin: "dubbo",
      address: "10.0.0.7",
      port: 20_880,
      protocol: "dubbo",
      metadata: { "dubbo.metadata.revision": "d41d8cd98f00b204", "dubbo.metadata.storage-type": "local" },
    });
  });

  it("what a uriSpec writes out of the scheme, and nothing else of it", () => {
    const spec = (...parts: unknown[]): unknown => parse(curator({ uriSpec: { parts } }));
    const rest = [
      { value: "address", variable: true },
      { value: ":81/api", variable: false },
    ];
    expect(spec({ value: "https://", variable: false }, ...rest)).toMatchObject({
      protocol: "https",
      tls: true,
      port: 8080,
    });
    expect(spec({ value: "GRPC://host", variable: false })).toMatchObject({ protocol: "grpc", tls: false });
    expect(spec({ value: "scheme", variable: true }, { value: "://", variable: false })).toMatchObject({
      protocol: "http",
    });
    for (const uriSpec of [
      {},
      { parts: [] },
      { parts: [{ value: 1 }] },
      { parts: [{ value: "a b://" }] },
      "https://",
      7,
    ])
      expect(parse(curator({ uriSpec }))).toMatchObject({ protocol: "http", port: 8080 });
    expect(
      parse(curator({ sslPort: 8443, uriSpec: { parts: [{ value: "http://", variable: false }] } })),
    ).toMatchObject({
      protocol: "https",
      port: 8443,
    });
  });

  it("its node's name as its id, and its folder as its service, whatever the entry says of both", () => {
    expect(parse(curator({ id: "another", name: "another", serviceType: "DYNAMIC_SEQUENTIAL" }))).toMatchObject({
      service: "orders",
      id: "i1",
    });
    expect(parse({ address: "10.0.0.7", port: 1 })).toMatchObject({ service: "orders", id: "i1", serving: true });
  });

  it("every type of service, and text where Jackson takes it for a number or a truth", () => {
    for (const serviceType of ["DYNAMIC", "STATIC", "PERMANENT", "DYNAMIC_SEQUENTIAL", "whatever", null, 7])
      expect(isReadable(parseInstance("orders", "i1", Buffer.from(JSON.stringify(curator({ serviceType })))))).toBe(
        true,
      );
    expect(parse(curator({ enabled: "false" }))).toMatchObject({ serving: false });
    expect(parse(curator({ enabled: "true", registrationTimeUTC: "1700000000000" }))).toMatchObject({
      serving: true,
      registeredAtMs: 1_700_000_000_000,
    });
  });

  it("a time of registration that can be shown, or none", () => {
    for (const registrationTimeUTC of [1e300, 8.64e15 + 2, -5, "soon", {}, [], false])
      expect(parse(curator({ registrationTimeUTC }))).toMatchObject({ registeredAtMs: 0, port: 8080 });
  });

  it("addresses of every kind that a host has, as they are", () => {
    for (const address of [
      "localhost",
      "127.0.0.1",
      "169.254.169.254",
      "host_1.internal",
      "2001:db8::7",
      "xn--bcher-kva.example",
    ])
      expect(parse(curator({ address }))).toMatchObject({ address });
    expect(parse(curator({ address: " [fe80::1%eth0] " }))).toMatchObject({ address: "fe80::1" });
  });

  it("what register-instance writes", () => {
    const registration = {
      root: "/services",
      service: "orders",
      id: "i1",
      address: "127.0.0.1",
      port: 9000,
      metadata: { version: "2" },
    };
    expect(parseInstance("orders", "i1", encodeInstance(registration, "UP", 5))).toMatchObject({
      port: 9000,
      serving: true,
      origin: "spring-cloud",
      registeredAtMs: 5,
    });
    expect(parseInstance("orders", "i1", encodeInstance(registration, "OUT_OF_SERVICE", 5))).toMatchObject({
      serving: false,
      metadata: { version: "2" },
    });
  });
});

describe("parseInstance says what is wrong with", () => {
  it.each([
    ["nothing", ""],
    ["no JSON", "{"],
    ["a bare value", "7"],
    ["an empty object", "{}"],
    ["no address", curator({ address: null })],
    ["an address with a path", curator({ address: "evil.example/../x" })],
    ["an address with a line break", curator({ address: "a\r\nHost: b" })],
    ["an empty address", curator({ address: "  " })],
    ["an address that is none", curator({ address: 7 })],
    ["an address with a port", curator({ address: "10.0.0.7:80" })],
    ["an address beyond ASCII", curator({ address: "bücher.example" })],
    ["an address with a zero byte", curator({ address: "a\u0000b" })],
    ["the unspecified address", curator({ address: "0.0.0.0" })],
    ["the unspecified address of IPv6", curator({ address: "[::]" })],
    ["a multicast address", curator({ address: "239.1.2.3" })],
    ["a negative port", curator({ port: -1 })],
    ["half a port", curator({ port: 80.5 })],
    ["a port in words", curator({ port: "eighty" })],
    ["port 99999 as text", curator({ port: "99999" })],
    ["enabled in words", curator({ enabled: "maybe" })],
    ["1 MiB", Buffer.alloc(1024 * 1024, "x").toString()],
    ["port 0", curator({ port: 0 })],
    ["a port beyond 65535", curator({ port: 65_536 })],
    ["a port that is an object", curator({ port: {} })],
    ["deep nesting", `${"[".repeat(30_000)}${"]".repeat(30_000)}`],
    ["more than 64 KiB", curator({ payload: "x".repeat(INSTANCE_BYTES_MAX) })],
  ])("%s", (_, value) => {
    const entry = parse(value);
    expect(isReadable(entry)).toBe(false);
    expect(entry).toMatchObject({ service: "orders", id: "i1", problem: expect.stringMatching(/./) });
  });

  it.each([
    [curator({ port: 99_999 }), "99999 is not a port"],
    [curator({ address: "" }), "it has no address"],
    [curator({ address: "0.0.0.0" }), "0.0.0.0 is the address of no single host"],
    [curator({ address: "a/b" }), "its address is neither a host name nor an IP address"],
    [curator({ port: null }), "it has no port"],
    ["", "it is empty"],
    ["x".repeat(INSTANCE_BYTES_MAX + 1), "it is larger than 64 KiB, the most that is read"],
  ])("in words a person can act on: %j", (value, problem) => {
    expect(parse(value)).toEqual({ service: "orders", id: "i1", problem });
  });

  it("bytes that are not UTF-8", () => {
    expect(parseInstance("orders", "i1", Buffer.from([0x22, 0xff, 0x22]))).toMatchObject({
      problem: "not JSON in UTF-8",
    });
  });
});

it("never throws, whatever is in the node, and what it calls usable is usable", () => {
  const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
  const json = fc.json({ maxDepth: 6 }).map((text) => Buffer.from(text));
  const member = fc.oneof(fc.anything(), fc.constantFrom("", "::1", "host", -1, 80, "80"));
  const entry = fc
    .record(
      {
        address: member,
        port: member,
        sslPort: member,
        payload: fc.anything(),
        enabled: member,
        registrationTimeUTC: member,
      },
      { requiredKeys: [] },
    )
    .map((value) => Buffer.from(safeJson(value)));
  fc.assert(
    fc.property(fc.oneof(bytes, json, entry), (data) => {
      const result = parseInstance("__proto__", "constructor", data);
      if (!isReadable(result)) return;
      expect(result.address).toMatch(/^[0-9A-Za-z_.:%-]+$/);
      expect(result.port).toBeGreaterThan(0);
      expect(result.port).toBeLessThan(65_536);
      expect(Object.values(result.metadata).every((value) => typeof value === "string")).toBe(true);
      expect(Number.isFinite(result.registeredAtMs)).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? inner.toString() : inner)) ?? "";
  } catch {
    return "";
  }
}
