import { request } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Instance } from "#domain/instance.ts";
import type { Peer } from "./test-bed/peer.ts";
import { TestMesh } from "./test-bed/test-mesh.ts";

/** Turned by hand. */
let nowMs: number;
const clock = { nowMs: () => 1_700_000_000_000 + nowMs, monotonicMs: () => nowMs };
let mesh: TestMesh;
let failing: Set<string>;

beforeEach(async () => {
  nowMs = 1000;
  failing = new Set();
  mesh = await TestMesh.start({ clock, drainMs: 0 });
  mesh.route("cart", { destinations: [{ service: "cart", weight: 1 }] });
});
afterEach(() => mesh.stop());

const serve = (id: string, extra: Partial<Instance> = {}): Promise<Peer> =>
  mesh.serve(
    "cart",
    (_incoming, response) => {
      response.statusCode = failing.has(id) ? 500 : 200;
      response.end(id);
    },
    { id, ...extra },
  );

/** How many requests each got. */
async function tally(count: number): Promise<Record<string, number>> {
  const seen: Record<string, number> = {};
  for (let n = 0; n < count; n += 1) {
    const answer = await request(mesh.edge);
    const id = await answer.body.text();
    seen[id] = (seen[id] ?? 0) + 1;
  }
  return seen;
}

describe("an instance that speaks another protocol", () => {
  it("is never called, whatever else there is; rest is HTTP", async () => {
    for (const protocol of ["dubbo", "tri", "grpc", "hessian"]) await serve(protocol, { protocol });
    const refused = await request(mesh.edge);
    expect(refused.statusCode).toBe(503);
    expect(await refused.body.json()).toMatchObject({ detail: "cart: none of its instances speaks HTTP" });
    await serve("http");
    await serve("rest", { protocol: "rest" });
    expect(await tally(8)).toEqual({ http: 4, rest: 4 });
    expect(Object.keys(await mesh.instances()).toSorted()).toEqual(["http", "rest"]);
  });
});

describe("a registered weight", () => {
  it("is the share of an instance of which no person has said anything", async () => {
    await serve("a", { weight: 300 });
    await serve("b");
    await serve("c", { weight: 0 });
    expect(await tally(8)).toEqual({ a: 6, b: 2 });
    mesh.servicePolicy({ service: "cart", instances: { a: { weight: 100 }, c: { weight: 100 } } });
    expect(await tally(9)).toEqual({ a: 3, b: 3, c: 3 });
  });
});

describe("a drain", () => {
  it("says nothing of the weight: one that is registered meanwhile is in force when it ends", async () => {
    await serve("a", { weight: 300 });
    await serve("b");
    mesh.servicePolicy({ service: "cart", instances: { a: { drained: true } } });
    expect(await tally(4)).toEqual({ b: 4 });
    mesh.amend("a", { weight: 200 });
    expect(await tally(4)).toEqual({ b: 4 });
    mesh.servicePolicy({ service: "cart", instances: {} });
    expect(await tally(6)).toEqual({ a: 4, b: 2 });
  });

  it("of an older version, which names a weight, is read, and so is that weight", async () => {
    await serve("a");
    await serve("b");
    mesh.servicePolicy({ service: "cart", instances: { a: { weight: 200, drained: true } } });
    expect(await tally(2)).toEqual({ b: 2 });
    mesh.servicePolicy({ service: "cart", instances: { a: { weight: 200, drained: false } } });
    expect(await tally(6)).toEqual({ a: 4, b: 2 });
  });
});

describe("an instance whose entry has gone", () => {
  it("gets nothing any more while others serve", async () => {
    for (const id of ["a", "b", "c"]) await serve(id);
    mesh.amend("b", { presence: "leaving" });
    expect(await tally(6)).toEqual({ a: 3, c: 3 });
    mesh.amend("b", { presence: "present" });
    expect(await tally(6)).toEqual({ a: 2, b: 2, c: 2 });
  });

  it("goes on as the last one, also when those beside it are drained or speak something else", async () => {
    await serve("a");
    await serve("b");
    await serve("c", { protocol: "tri" });
    mesh.servicePolicy({ service: "cart", instances: { b: { drained: true } } });
    mesh.amend("a", { presence: "leaving" });
    expect(await tally(3)).toEqual({ a: 3 });
    mesh.deregister("a");
    expect((await request(mesh.edge)).statusCode).toBe(503);
  });

  it("goes on when more than half are going at once", async () => {
    for (const id of ["a", "b", "c"]) await serve(id);
    for (const id of ["a", "b"]) mesh.amend(id, { presence: "leaving" });
    expect(await tally(6)).toEqual({ a: 2, b: 2, c: 2 });
  });

  it("goes on as before when it is unconfirmed", async () => {
    await serve("a");
    await serve("b");
    mesh.amend("b", { presence: "unconfirmed" });
    expect(await tally(4)).toEqual({ a: 2, b: 2 });
  });

  it("is not new when it is back: what was known of it is known", async () => {
    for (const id of ["a", "b", "c"]) await serve(id);
    mesh.servicePolicy({ service: "cart", slowStartMs: 60_000, outlier: { consecutiveFailures: 1, baseMs: 30_000 } });
    nowMs += 60_000;
    failing.add("b");
    await tally(3);
    expect((await mesh.instances())["b"]).toMatchObject({ ejections: 1 });
    mesh.amend("b", { presence: "leaving" });
    mesh.amend("b", { presence: "present" });
    expect((await mesh.instances())["b"]).toMatchObject({ ejections: 1, ejectedUntilMs: clock.nowMs() + 30_000 });
    expect(await tally(4)).toEqual({ a: 2, c: 2 });
    // Back in, it has its whole share at once: its slow start is not begun again.
    mesh.amend("a", { presence: "leaving" });
    nowMs += 30_000;
    failing.clear();
    mesh.amend("a", { presence: "present" });
    expect(await tally(6)).toEqual({ a: 2, b: 2, c: 2 });
  });
});
