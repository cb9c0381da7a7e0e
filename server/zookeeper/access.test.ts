import { describe, expect, it } from "vitest";
import { accessPolicy, digestId, grantsTheSame, isPublicFolder, PERMISSION } from "./access.ts";

const console1 = { user: "console", password: "c" };
const gateway = { user: "gateway", password: "g" };
const [C, G] = [digestId(console1), digestId(gateway)];
const entry = (id: string, permissions: number) => ({ scheme: "digest", id, permissions });
const world = (permissions: number) => ({ scheme: "world", id: "anyone", permissions });
const CRD = PERMISSION.create | PERMISSION.read | PERMISSION.delete;

describe("digestId", () => {
  it("is what ZooKeeper's own generator prints", () => {
    // java org.apache.zookeeper.server.auth.DigestAuthenticationProvider super:test
    expect(digestId({ user: "super", password: "test" })).toBe("super:D/InIHSb7yEEbrWz8b9l71RjZJU=");
  });

  it("takes everything after the first colon for the password", () => {
    // java org.apache.zookeeper.server.auth.DigestAuthenticationProvider u:a:b
    expect(digestId({ user: "u", password: "a:b" })).toBe("u:Ka3Bfj2GPj7fp0ffwAw1Arlu9+Q=");
  });
});

describe("accessPolicy", () => {
  it("is open to everybody, explicitly, without credentials", () => {
    const policy = accessPolicy({ peers: [G] });
    expect(policy.access).toBe("open");
    for (const access of ["private", "shared", "own", "public", "registration"] as const)
      expect(policy.listFor(access)).toEqual([world(PERMISSION.all)]);
  });

  it("lets members read policy, and create and delete only in shared folders", () => {
    const { access, listFor } = accessPolicy({ auth: console1, peers: [G] });
    expect(access).toBe("closed");
    expect(listFor("private")).toEqual([entry(C, PERMISSION.all), entry(G, PERMISSION.read)]);
    expect(listFor("shared")).toEqual([entry(C, PERMISSION.all), entry(G, CRD)]);
  });

  it("gives folders the same list whichever side makes them", () => {
    const owner = accessPolicy({ auth: console1, peers: [G], role: "owner" });
    const member = accessPolicy({ auth: gateway, peers: [C], role: "member" });
    for (const access of ["private", "shared", "public"] as const)
      expect(grantsTheSame(owner.listFor(access), member.listFor(access))).toBe(true);
  });

  it("gives a member's own nodes to it alone, for the owners to read", () => {
    const member = accessPolicy({ auth: gateway, peers: [C], role: "member" });
    expect(member.listFor("own")).toEqual([entry(G, PERMISSION.all), entry(C, PERMISSION.read)]);
  });

  it("makes a member without peers an owner: consoles and gateways with one credential", () => {
    const member = accessPolicy({ auth: gateway, role: "member" });
    for (const access of ["private", "shared", "own"] as const)
      expect(member.listFor(access)).toEqual([entry(G, PERMISSION.all)]);
  });

  it("keeps the registry's folders open to third parties, and its entries readable to them", () => {
    const { listFor } = accessPolicy({ auth: gateway, peers: [C], role: "member" });
    expect(listFor("public")).toEqual([entry(C, PERMISSION.all), world(CRD)]);
    expect(listFor("registration")).toEqual([entry(G, PERMISSION.all), world(PERMISSION.read)]);
  });
});

describe("a credential that is being changed", () => {
  const before = { user: "console", password: "before" };
  const B = digestId(before);

  it("is granted the same as the new one, by whoever is changing it", () => {
    const owner = accessPolicy({ auth: console1, previousAuth: before, peers: [G] });
    expect(owner.isRotating).toBe(true);
    const both = [entry(C, PERMISSION.all), entry(B, PERMISSION.all)];
    expect(owner.listFor("private")).toEqual([...both, entry(G, PERMISSION.read)]);
    expect(owner.listFor("shared")).toEqual([...both, entry(G, CRD)]);
    expect(owner.listFor("own")).toEqual([...both, entry(G, PERMISSION.read)]);
    expect(owner.listFor("public")).toEqual([...both, world(CRD)]);
    expect(accessPolicy({ auth: console1, peers: [G] }).isRotating).toBe(false);
  });

  it("does not close what has no new one", () => {
    expect(accessPolicy({ previousAuth: before }).access).toBe("open");
  });
});

describe("isPublicFolder", () => {
  it("knows a folder of ours, whoever owned it then", () => {
    for (const auth of [console1, gateway])
      expect(isPublicFolder(accessPolicy({ auth, peers: [] }).listFor("public"))).toBe(true);
  });

  it.each([
    ["open to everybody", [world(PERMISSION.all)]],
    ["nobody's", [world(CRD)]],
    ["an entry", accessPolicy({ auth: gateway }).listFor("registration")],
    ["of one who may do less", [world(CRD), entry(C, PERMISSION.read)]],
    ["by address", [world(CRD), { scheme: "ip", id: "10.0.0.1", permissions: PERMISSION.all }]],
  ])("leaves alone one that is %s", (_, list) => {
    expect(isPublicFolder(list)).toBe(false);
  });
});

describe("grantsTheSame", () => {
  it("does not mind order, nor one grant in two entries", () => {
    const split = [entry(G, PERMISSION.read), entry(C, PERMISSION.all), entry(G, PERMISSION.write)];
    expect(grantsTheSame(split, [entry(C, PERMISSION.all), entry(G, PERMISSION.read | PERMISSION.write)])).toBe(true);
  });

  it.each([
    ["a permission more", [entry(C, PERMISSION.all), entry(G, CRD)]],
    ["an identity more", [entry(C, PERMISSION.all), entry(G, PERMISSION.read), world(PERMISSION.read)]],
    ["an identity less", [entry(C, PERMISSION.all)]],
    ["another scheme", [entry(C, PERMISSION.all), { scheme: "ip", id: G, permissions: PERMISSION.read }]],
  ])("notices %s", (_, other) => {
    expect(grantsTheSame([entry(C, PERMISSION.all), entry(G, PERMISSION.read)], other)).toBe(false);
  });
});
