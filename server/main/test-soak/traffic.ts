import { createRoute } from "#control/create-route.ts";
import type { Actor } from "#domain/audit.ts";
import { RouteSpec } from "#domain/route.ts";
import { keepAsking, type Tally } from "#gateway/test-bed/load/asker.ts";
import { startPeer } from "#gateway/test-bed/peer.ts";
import { registerInstance } from "#zookeeper/register-instance.ts";
import { eventually } from "#zookeeper/test-harness.ts";
import type { Lane } from "./lane.ts";

const OPERATOR: Actor = { kind: "person", id: "operator", name: "Operator" };
const CLIENTS = 4;

/** Clients that ask the gateway all the time, and what became of each request. */
export interface Traffic {
  /** How many were answered so far. */
  answered(): number;
  stop(): Promise<Tally>;
}

/** Publishes a route to a service of the soak's own; a console has to lead, or come to lead. */
export async function openTraffic(lane: Lane): Promise<Traffic> {
  const peer = await startPeer((request, response) => response.end(request.url));
  registerInstance(lane.zk, {
    root: "/services",
    service: "echo",
    id: "echo-1",
    address: "127.0.0.1",
    port: peer.port,
    metadata: {},
  });
  const spec = RouteSpec.parse({ hosts: ["a.test"], matches: [{}], destinations: [{ service: "echo", weight: 1 }] });
  await createRoute({ database: lane.database.database }, { id: "echo", spec }, OPERATOR);
  const ports = [lane.gateway.edgePort()];
  await eventually("the service is reached", () => isReached(ports), 60_000);
  let goesOn = true;
  let answered = 0;
  const asking = keepAsking({
    ports: () => ports,
    clients: CLIENTS,
    goesOn: () => goesOn,
    target: (index) => `/${index}`,
    check(target, { body }) {
      answered += 1;
      return body === target ? null : `got the answer to ${body}`;
    },
  });
  return {
    answered: () => answered,
    async stop() {
      goesOn = false;
      const tally = await asking;
      await peer.stop();
      return tally;
    },
  };
}

async function isReached(ports: readonly number[]): Promise<boolean> {
  let left = 1;
  const { answered } = await keepAsking({
    ports: () => ports,
    clients: 1,
    goesOn: () => left-- > 0,
    target: () => "/",
    check: () => null,
  });
  return answered > 0;
}
