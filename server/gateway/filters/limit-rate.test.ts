import { request } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RateLimit } from "#domain/route-actions.ts";
import type { RouteDraft } from "#domain/route.ts";
import type { Clock } from "#platform/clock.ts";
import { TestMesh } from "../test-bed/test-mesh.ts";

let mesh: TestMesh;
let nowMs: number;
const clock: Clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };

beforeEach(async () => {
  nowMs = 1_000_000;
  mesh = await TestMesh.start({ clock });
  await mesh.serve("shop", (_incoming, response) => response.end("ok"));
});
afterEach(() => {
  // Connections are closed once they have been idle for a while, by this clock.
  nowMs += 60_000;
  return mesh.stop();
});

type Limit = Omit<RateLimit, "by" | "perMs"> & Partial<RateLimit>;

function limits(rateLimits: readonly Limit[], extra: Partial<RouteDraft> = {}): void {
  mesh.route("shop", { destinations: [{ service: "shop", weight: 1 }], rateLimits: [...rateLimits], ...extra });
}

async function call(headers: Record<string, string> = {}, path = "/") {
  const answer = await request(mesh.edge + path, { headers });
  const text = await answer.body.text();
  return { status: answer.statusCode, headers: answer.headers, text };
}

/** Statuses of requests one after the other. */
async function statuses(count: number, headers: Record<string, string> = {}, path = "/"): Promise<number[]> {
  const all: number[] = [];
  for (let index = 0; index < count; index += 1) all.push((await call(headers, path)).status);
  return all;
}

const metric = async (name: string): Promise<string | undefined> => {
  const { body } = await request(`${mesh.admin}/metrics`);
  return (await body.text()).split("\n").find((line) => line.startsWith(`${name}{`));
};

describe("a rate limit", () => {
  it("lets a burst through, then answers 429 and says when to come again, and keeps its word", async () => {
    limits([{ requests: 1, perMs: 30_000, burst: 2 }]);
    expect(await statuses(2)).toEqual([200, 200]);
    nowMs += 500;
    const { status, headers, text } = await call();
    expect([status, headers["retry-after"], headers["x-mesh-attempts"]]).toEqual([429, "30", "0"]);
    expect(JSON.parse(text)).toMatchObject({ code: "RATE_LIMITED", blame: "caller" });
    nowMs += 29_500;
    expect(await statuses(2)).toEqual([200, 429]);
    expect(await metric("meshkeeper_rate_limited_total")).toBe('meshkeeper_rate_limited_total{route="shop"} 2');
  });

  it("needs room in every one of several, and takes from none when one has none", async () => {
    limits([
      { requests: 1, perMs: 10_000, burst: 1 },
      { requests: 3, perMs: 3_600_000, burst: 3 },
    ]);
    expect(await statuses(5)).toEqual([200, 429, 429, 429, 429]);
    nowMs += 10_000;
    expect(await statuses(1)).toEqual([200]);
    nowMs += 10_000;
    expect(await statuses(1)).toEqual([200]);
    nowMs += 10_000;
    const { status, headers } = await call();
    expect([status, headers["retry-after"]]).toEqual([429, "1170"]);
  });

  it.each<[string, RateLimit["by"], Record<string, string>, Record<string, string>]>([
    ["header", { kind: "header", name: "x-key" }, { "x-key": "a" }, { "x-key": "b" }],
    ["cookie", { kind: "cookie", name: "k" }, { cookie: "z=1; k=a" }, { cookie: "k=b; z=1" }],
  ])("counts each value of a %s by itself, and all requests without one together", async (_kind, by, one, other) => {
    limits([{ requests: 1, perMs: 3_600_000, burst: 1, by }]);
    expect(await statuses(2, one)).toEqual([200, 429]);
    expect(await statuses(2, other)).toEqual([200, 429]);
    expect(await statuses(2)).toEqual([200, 429]);
  });

  it("counts each value of a query parameter, decoded", async () => {
    limits([{ requests: 1, perMs: 3_600_000, burst: 1, by: { kind: "query", name: "q" } }]);
    expect(await statuses(1, {}, "/?q=a%62c")).toEqual([200]);
    expect(await statuses(1, {}, "/?x=1&q=abc")).toEqual([429]);
    expect(await statuses(1, {}, "/?q=")).toEqual([200]);
  });

  it("counts each address, and each caller", async () => {
    limits([{ requests: 1, perMs: 3_600_000, burst: 1, by: { kind: "address" } }]);
    expect(await statuses(2)).toEqual([200, 429]);
    limits([{ requests: 1, perMs: 3_600_000, burst: 1, by: { kind: "caller" } }]);
    expect(await statuses(2)).toEqual([200, 429]);
    const inside = await request(`http://127.0.0.1:${mesh.gateway.egressPorts["storefront"]}/`);
    await inside.body.dump();
    expect(inside.statusCode).toBe(200);
  });

  it("tells values longer than it keeps apart", async () => {
    limits([{ requests: 1, perMs: 3_600_000, burst: 1, by: { kind: "header", name: "x-key" } }]);
    const long = "k".repeat(5000);
    expect(await statuses(2, { "x-key": `${long}a` })).toEqual([200, 429]);
    expect(await statuses(2, { "x-key": `${long}b` })).toEqual([200, 429]);
  });

  it("holds for answers of the gateway itself, too", async () => {
    limits([{ requests: 1, perMs: 3_600_000, burst: 1 }], { answer: { kind: "fixed", body: "hi" }, destinations: [] });
    expect(await statuses(2)).toEqual([200, 429]);
  });
});

describe("a published change", () => {
  it("of anything else leaves the buckets as they are", async () => {
    const hourly = { requests: 2, perMs: 3_600_000, burst: 2 };
    limits([hourly]);
    expect(await statuses(1)).toEqual([200]);
    limits([hourly], { description: "edited" });
    mesh.route("other", { hosts: ["other.test"], destinations: [{ service: "shop", weight: 1 }] });
    expect(await statuses(2)).toEqual([200, 429]);
  });

  it("of a limit leaves what was taken taken, whatever the order of the limits", async () => {
    const quick = { requests: 100, perMs: 1000, burst: 100 };
    limits([quick, { requests: 2, perMs: 3_600_000, burst: 2 }]);
    expect(await statuses(3)).toEqual([200, 200, 429]);
    limits([{ requests: 4, perMs: 3_600_000, burst: 4 }, quick]);
    expect(await statuses(3)).toEqual([200, 200, 429]);
  });

  it("of what requests are told apart by begins anew, as does a limit that was gone", async () => {
    const hourly = { requests: 1, perMs: 3_600_000, burst: 1 };
    limits([hourly]);
    expect(await statuses(2)).toEqual([200, 429]);
    limits([{ ...hourly, by: { kind: "address" } }]);
    expect(await statuses(2)).toEqual([200, 429]);
    limits([]);
    expect(await statuses(2)).toEqual([200, 200]);
    limits([hourly]);
    expect(await statuses(2)).toEqual([200, 429]);
  });
});
