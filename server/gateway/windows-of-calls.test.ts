import { request } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TrafficWindow } from "#domain/traffic.ts";
import { windowsUntil } from "./test-bed/streamed-windows.ts";
import { TestMesh } from "./test-bed/test-mesh.ts";

let mesh: TestMesh;
beforeEach(async () => {
  mesh = await TestMesh.start();
});
afterEach(() => mesh.stop());

const edgesOf = (windows: readonly TrafficWindow[]): TrafficWindow["edges"] => windows.flatMap(({ edges }) => edges);

describe("a gateway's windows", () => {
  it("say how many calls were in flight at most, also of calls that last longer than a window", async () => {
    const held: (() => void)[] = [];
    await mesh.serve("slow", (_incoming, response) => void held.push(() => response.end("done")));
    mesh.route("slow", { destinations: [{ service: "slow", weight: 1 }] });
    mesh.breaker({ target: { kind: "service", service: "slow" }, settings: { timeoutMs: 30_000 } });
    const calls = [1, 2, 3].map(async () => (await request(mesh.edge)).body.text());
    // Two windows in a row have them, though none has ended.
    const during = await windowsUntil(mesh, (all) => edgesOf(all).filter(({ inFlight }) => inFlight === 3).length >= 2);
    expect(edgesOf(during).filter(({ inFlight }) => inFlight === 3)[0]).toMatchObject({
      caller: "outside",
      service: "slow",
      instance: "slow-1",
      counts: {},
    });
    for (const answer of held) answer();
    await Promise.all(calls);
    const after = await windowsUntil(mesh, (all) => {
      const last = all.at(-1)?.edges ?? [];
      return edgesOf(all).some(({ counts }) => (counts.success ?? 0) > 0) && last.length === 0;
    });
    expect(edgesOf(after).reduce((sum, { counts }) => sum + (counts.success ?? 0), 0)).toBe(3);
  });

  it("tell when an instance is ejected, and when it is back", async () => {
    await mesh.serve("cart", (_incoming, response) => response.writeHead(500).end());
    await mesh.serve("cart", (_incoming, response) => response.end("well"), { id: "cart-2" });
    mesh.route("cart", { destinations: [{ service: "cart", weight: 1 }] });
    mesh.breaker({ target: { kind: "service", service: "cart" }, settings: { enabled: false } });
    mesh.servicePolicy({ service: "cart", outlier: { consecutiveFailures: 3, baseMs: 1000, maxMs: 1000 } });
    for (let n = 0; n < 8; n += 1) await (await request(mesh.edge)).body.text();
    const windows = await windowsUntil(mesh, (all) => all.flatMap(({ ejections }) => ejections).length >= 2);
    const [ejected, returned] = windows.flatMap(({ ejections }) => ejections);
    expect(ejected).toMatchObject({ service: "cart", instance: "cart-1", turn: "ejected", worker: null });
    expect(ejected?.cause).toBe("3 failures in a row");
    expect(returned).toMatchObject({ instance: "cart-1", turn: "returned", untilMs: null });
    // Each is told by two clocks, which do not tick together.
    expect(Math.abs((returned?.atMs ?? 0) - (ejected?.untilMs ?? 0))).toBeLessThanOrEqual(50);
  });
});
