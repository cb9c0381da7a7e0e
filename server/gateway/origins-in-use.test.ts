import fc from "fast-check";
import { expect, it } from "vitest";
import { PersistentMap } from "#domain/persistent-map.ts";
import type { MeshInstance } from "./mesh.ts";
import { OriginsInUse } from "./origins-in-use.ts";

const at = (port: number): MeshInstance => ({
  id: String(port),
  service: "cart",
  address: "10.0.0.1",
  port,
  tls: false,
  origin: `http://10.0.0.1:${port}`,
});

const PORTS = [1, 2, 3, 4, 5];
const Pools = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.subarray(PORTS));

it("has the origins of the mesh it followed last, and says when they are others, after any sequence", () => {
  fc.assert(
    fc.property(fc.array(Pools, { minLength: 1, maxLength: 12 }), (steps) => {
      const origins = new OriginsInUse();
      let before: readonly number[] = [];
      for (const pools of steps) {
        const instances = PersistentMap.from(
          Object.entries(pools).map(([key, ports]) => [key, ports.map(at)] as const),
        );
        const isChanged = origins.follow({ instances });
        const now = PORTS.filter((port) => Object.values(pools).some((ports) => ports.includes(port)));
        expect(PORTS.filter((port) => origins.has(at(port).origin))).toEqual(now);
        expect(isChanged).toBe(now.join() !== before.join());
        before = now;
      }
    }),
  );
});
