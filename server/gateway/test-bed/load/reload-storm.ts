import { RouteSpec } from "#domain/route.ts";
import type { Published } from "#domain/snapshot.ts";
import { TestMesh } from "../test-mesh.ts";
import { turn, valuesOf } from "../wire.ts";
import { keepAsking, type Tally } from "./asker.ts";

export interface Storm extends Tally {
  /** Policies put in force. */
  swaps: number;
}

const PATHS = ["/left", "/right"] as const;
const SERVICES = ["one", "two"] as const;

/**
 * Two routes to two services, which change places as often as can be while clients ask. Every answer must come from the
 * service that was right in the policy it says it was served by.
 */
export async function reloadStorm(forMs: number, clients: number): Promise<Storm> {
  const mesh = await TestMesh.start();
  for (const service of SERVICES) await mesh.serve(service, (_request, response) => response.end(service));
  /** Revision → which service has the first path. */
  const history = new Map<string, number>();
  let swaps = 0;
  const swap = (): void => {
    const first = swaps % 2;
    const routes = PATHS.map((path, index): [string, Published<RouteSpec>] => {
      const spec = RouteSpec.parse({
        matches: [{ path: { kind: "prefix", value: path } }],
        destinations: [{ service: SERVICES[(first + index) % 2] ?? "", weight: 1 }],
      });
      return [`route-${index}`, { id: `route-${index}`, revision: swaps + 1, spec }];
    });
    history.set(String(mesh.policy.current().revision + 1), first);
    mesh.policy.publish({ routes: new Map(routes) });
    swaps += 1;
  };
  swap();
  const endsAt = performance.now() + forMs;
  const goesOn = (): boolean => performance.now() < endsAt;
  const storm = (async () => {
    while (goesOn()) {
      swap();
      await turn();
    }
  })();
  const tally = await keepAsking({
    ports: () => [mesh.gateway.edgePort],
    clients,
    goesOn,
    target: (index) => PATHS[index % 2] ?? "/",
    check(target, { fields, body }) {
      const [revision = ""] = valuesOf(fields, "x-mesh-revision");
      const first = history.get(revision);
      const at = PATHS.findIndex((path) => path === target);
      const right = first === undefined ? undefined : SERVICES[(first + at) % 2];
      return body === right ? null : `came from ${body} by revision ${revision}, where ${right} was right`;
    },
  });
  await storm;
  await mesh.stop();
  return { ...tally, swaps };
}
