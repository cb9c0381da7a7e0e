import { describe, expect, it } from "vitest";
import { ServiceName } from "#domain/service.ts";
import { dubboServiceName, readInterface } from "./dubbo-interface.ts";
import { DUBBO_NAME_MAX, parseDubboUrl } from "./dubbo-url.ts";

const BAR = "com.foo.Bar";
/** As Java's URLEncoder writes it. */
const encoded = (url: string): string => encodeURIComponent(url).replaceAll("%20", "+");
const provider = (parameters = "", place = "10.0.0.7:20880", protocol = "dubbo"): string =>
  encoded(`${protocol}://${place}/${BAR}?application=stock&interface=${BAR}&side=provider${parameters}`);
const consumer = (parameters = "", place = "10.0.0.9"): string =>
  encoded(`consumer://${place}/${BAR}?application=web&category=consumers&interface=${BAR}&side=consumer${parameters}`);
const read = (providers: readonly string[], consumers: readonly string[] = [], node = BAR) =>
  readInterface({ node, providers, consumers });

describe("a provider's name", () => {
  it("as Dubbo writes it, character for character, is an instance of its interface", () => {
    const name =
      "dubbo%3A%2F%2F10.0.0.7%3A20880%2Fcom.foo.Bar%3Fanyhost%3Dtrue%26application%3Dstock%26deprecated%3Dfalse%26dubbo%3D2.0.2%26dynamic%3Dtrue%26generic%3Dfalse%26interface%3Dcom.foo.Bar%26methods%3Dfind%2Cput%26pid%3D4711%26release%3D2.7.15%26side%3Dprovider%26timestamp%3D1700000000000%26weight%3D200";
    expect(read([name]).services).toMatchObject([
      {
        name: BAR,
        unreadable: [],
        instances: [
          {
            service: BAR,
            id: "dubbo@10.0.0.7:20880",
            address: "10.0.0.7",
            port: 20_880,
            protocol: "dubbo",
            tls: false,
            weight: 200,
            serving: true,
            presence: "present",
            origin: "dubbo-interface",
            registeredAtMs: 1_700_000_000_000,
            metadata: { application: "stock", methods: "find,put", release: "2.7.15", dynamic: "true" },
          },
        ],
      },
    ]);
  });

  it("with a group or a version is of a service of its own, and keeps both as labels", () => {
    const { services } = read([provider(), provider("&version=1.0.0"), provider("&version=1.0.0&group=blue")]);
    expect(services.map(({ name, instances }) => [name, instances.length])).toEqual([
      [BAR, 1],
      ["com.foo.Bar-v-1.0.0", 1],
      ["com.foo.Bar-v-1.0.0-g-blue", 1],
    ]);
    expect(services[2]?.instances[0]?.metadata).toMatchObject({ group: "blue", version: "1.0.0" });
  });

  it("that is disabled takes no traffic; TLS and protocol are as it says", () => {
    const [instance] = read([provider("&disabled=true")]).services[0]?.instances ?? [];
    expect(instance).toMatchObject({ serving: false });
    expect(read([provider("&enabled=false")]).services[0]?.instances).toMatchObject([{ serving: false }]);
    const rest = provider("&ssl-enabled=true", "10.0.0.7:8443", "REST");
    expect(read([rest]).services[0]?.instances).toMatchObject([{ protocol: "rest", tls: true, port: 8443 }]);
  });

  it.each([
    ["[2001:db8::7]:20880", "2001:db8::7", "dubbo@[2001:db8::7]:20880"],
    ["fe80:0:0:0:894:aeec:f37d:23e1%en0:20880", "fe80:0:0:0:894:aeec:f37d:23e1", undefined],
    ["user:secret@10.0.0.7:20880", "10.0.0.7", "dubbo@10.0.0.7:20880"],
  ])("may name its place as %s", (place, address, id) => {
    const [instance] = read([provider("", place)]).services[0]?.instances ?? [];
    expect(instance).toMatchObject({ address, port: 20_880, ...(id === undefined ? {} : { id }) });
    expect(JSON.stringify(instance)).not.toContain("secret");
  });

  it("of one that was restarted counts before the one it left behind", () => {
    const old = provider("&timestamp=1&weight=1");
    const now = provider("&timestamp=2&weight=2");
    for (const both of [
      [old, now],
      [now, old],
    ])
      expect(read(both).services[0]?.instances).toMatchObject([{ weight: 2 }]);
  });

  it.each([
    ["a broken escape", "dubbo%3A%2F%2F10.0.0.7%3A20880%2"],
    ["bytes that are no UTF-8", "dubbo%3A%2F%2F%ff%fe"],
    ["no URL", "%2f..%2f..%2fetc"],
    ["markup", encoded("<img src=x onerror=alert(1)>")],
    ["no host", encoded(`dubbo:///${BAR}`)],
    ["a host that is none", encoded(`dubbo://a b:1/${BAR}`)],
    ["a line break in the host", encoded(`dubbo://a\r\nb:1/${BAR}`)],
    ["the address of no single host", encoded(`dubbo://0.0.0.0:1/${BAR}`)],
    ["no port", encoded(`dubbo://10.0.0.7/${BAR}`)],
    ["port 0", encoded(`dubbo://10.0.0.7:0/${BAR}`)],
    ["port 70000", encoded(`dubbo://10.0.0.7:70000/${BAR}`)],
    ["another interface", encoded(`dubbo://10.0.0.7:1/x?interface=com.foo.Other`)],
    ["too much", encoded(`dubbo://10.0.0.7:1/x?a=${"x".repeat(DUBBO_NAME_MAX)}`)],
  ])("with %s is listed as unreadable, and spoils nothing else", (_, name) => {
    const { services } = read([provider(), name]);
    expect(services).toHaveLength(1);
    expect(services[0]?.instances).toHaveLength(1);
    expect(services[0]?.unreadable).toMatchObject([{ service: BAR, problem: expect.stringMatching(/./) }]);
    expect(services[0]?.unreadable[0]?.id.length).toBeLessThanOrEqual(201);
  });

  it("that is a rule or says there is nobody is no provider", () => {
    const others = [
      `empty://10.0.0.7/${BAR}`,
      `override://0.0.0.0/${BAR}?category=configurators&dynamic=false&weight=0`,
      `route://0.0.0.0/${BAR}?category=routers&rule=${encodeURIComponent("host = 10.* => host = 10.0.0.7")}`,
      `consumer://10.0.0.9/${BAR}?side=consumer`,
      `dubbo://10.0.0.9:1/${BAR}?side=consumer`,
      `dubbo://10.0.0.9:1/${BAR}?category=configurators`,
    ];
    expect(read(others.map(encoded)).services).toEqual([]);
    expect(read([provider("&category=providers"), ...others.map(encoded)]).services[0]?.unreadable).toEqual([]);
  });

  it("with warm-up, deprecation and values that are encoded themselves keeps them as labels", () => {
    const [instance] =
      read([provider("&timestamp=1700000000000&warmup=600000&deprecated=true&note=a%3Db%26c&weight=abc")]).services[0]
        ?.instances ?? [];
    expect(instance).toMatchObject({
      weight: null,
      serving: true,
      registeredAtMs: 1_700_000_000_000,
      metadata: { warmup: "600000", deprecated: "true", note: "a%3Db%26c" },
    });
  });

  it("for every protocol of one process is an instance of its own", () => {
    const { services } = read([
      provider(),
      provider("", "10.0.0.7:50051", "tri"),
      provider("", "10.0.0.7:8081", "rest"),
    ]);
    expect(services[0]?.instances.map(({ id, protocol }) => [id, protocol])).toEqual([
      ["dubbo@10.0.0.7:20880", "dubbo"],
      ["rest@10.0.0.7:8081", "rest"],
      ["tri@10.0.0.7:50051", "tri"],
    ]);
  });

  it("keeps what looks like a member of every object as a plain label", () => {
    const [instance] = read([provider("&__proto__=x&constructor=y&=z")]).services[0]?.instances ?? [];
    expect(Object.hasOwn(instance?.metadata ?? {}, "__proto__")).toBe(true);
    expect(Object.getPrototypeOf(instance?.metadata)).toBe(Object.prototype);
    expect(instance?.metadata["constructor"]).toBe("y");
  });
});

describe("a consumer's name", () => {
  it("says who calls what", () => {
    expect(
      read([provider()], [consumer("&protocol=dubbo"), consumer("", "fe80:0:0:0:894:aeec:f37d:23e1")]).consumers,
    ).toEqual([
      { application: "web", service: BAR, address: "10.0.0.9", protocol: "dubbo" },
      { application: "web", service: BAR, address: "fe80:0:0:0:894:aeec:f37d:23e1", protocol: "" },
    ]);
  });

  it("with a wildcard or a list means every service that matches, else the one it names, which nobody provides", () => {
    const providers = [provider("&group=a"), provider("&group=b", "10.0.0.8:1"), provider("&group=a&version=2")];
    const asked = (parameters: string): string[] =>
      read(providers, [consumer(parameters)]).consumers.map(({ service }) => service);
    expect(asked("&group=*")).toEqual(["com.foo.Bar-g-a", "com.foo.Bar-g-b"]);
    expect(asked("&group=a,b&version=*")).toEqual(["com.foo.Bar-g-a", "com.foo.Bar-g-b", "com.foo.Bar-v-2-g-a"]);
    expect(asked("&group=c")).toEqual(["com.foo.Bar-g-c"]);
    expect(read([], [consumer()]).services).toEqual([{ name: BAR, instances: [], unreadable: [] }]);
  });

  it("is not multiplied without end by wildcards and versions", () => {
    const some = Array.from({ length: 400 }, (_, index) => index);
    const { consumers, services } = read(
      some.map((index) => provider(`&version=${index}`, `10.0.1.${index % 250}:${20_000 + index}`)),
      some.map((index) => consumer(`&version=*&pid=${index}`)),
    );
    expect(services).toHaveLength(400);
    expect(consumers).toHaveLength(20_000);
  });

  it("that cannot be read says nothing", () => {
    expect(
      read([provider()], ["%", encoded("consumer://a b/x"), encoded(`consumer://h/x?interface=Other`)]).consumers,
    ).toEqual([]);
  });
});

describe("a service's name", () => {
  const keys = [
    [BAR, "", ""],
    [BAR, "", "1.0.0"],
    [BAR, "1.0.0", ""],
    [BAR, "g-x", "1"],
    [BAR, "x", "1-g"],
    [BAR, "", "1-g-x"],
    [BAR, "x", "1"],
    [BAR, "a/b", ""],
    [BAR, "a_b", ""],
    [BAR, "ünïcode", "*"],
    ["x".repeat(120), "group", "version"],
    ["x".repeat(120), "group", "version2"],
  ] as const;

  it("is one that routes can name, and never the same for two keys", () => {
    const names = keys.map(([name, group, version]) => dubboServiceName(name, group, version));
    for (const name of names) expect(ServiceName.safeParse(name).success, name).toBe(true);
    expect(new Set(names).size).toBe(keys.length);
  });
});

it("an interface's folder may itself be encoded, or named wrongly", () => {
  expect(read([encoded("dubbo://h:1/x")], [], "com.foo%2EBar").services).toMatchObject([{ name: BAR }]);
  expect(read([provider()], [consumer()], "%zz")).toMatchObject({
    services: [{ name: "%zz", instances: [], unreadable: [{ id: expect.any(String) }] }],
    consumers: [],
  });
});

it("a URL without a query has no parameters, and one with many only so many", () => {
  expect(parseDubboUrl("tri%3A%2F%2Fh%3A1")).toMatchObject({
    ok: true,
    value: { protocol: "tri", host: "h", port: 1 },
  });
  const many = encoded(`tri://h:1/x?${Array.from({ length: 300 }, (_, n) => `k${n}=v`).join("&")}`);
  const url = parseDubboUrl(many);
  expect(url.ok && url.value.parameters.size).toBe(128);
});
