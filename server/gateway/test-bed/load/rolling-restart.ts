import { TestMesh } from "../test-mesh.ts";
import { startPeer, until, type Peer } from "../peer.ts";
import { keepAsking, type Tally } from "./asker.ts";

export interface Restarts extends Tally {
  restarts: number;
}

async function gatewayTo(peer: Peer, port: number): Promise<TestMesh> {
  const mesh = await TestMesh.start({ edge: { host: "127.0.0.1", port } });
  mesh.register({ service: "echo", id: "echo", port: peer.port });
  mesh.route("all", { destinations: [{ service: "echo", weight: 1 }] });
  return mesh;
}

/** A service that takes a few milliseconds over each answer, so that there is always something under way. */
const startSlowPeer = (): Promise<Peer> =>
  startPeer((request, response) => void setTimeout(() => response.end(request.url), 3));

/** One of two gateways after the other is stopped and started again, on the same port, while clients ask. */
export async function rollingRestart(restarts: number, clients: number): Promise<Restarts> {
  const peer = await startSlowPeer();
  const meshes = [await gatewayTo(peer, 0), await gatewayTo(peer, 0)];
  const ports = meshes.map(({ gateway }) => gateway.edgePort);
  let over = false;
  let answers = 0;
  const rolling = (async () => {
    for (let index = 0; index < restarts; index += 1) {
      const at = index % 2;
      await meshes[at]?.stop();
      meshes[at] = await gatewayTo(peer, ports[at] ?? 0);
      // The other one must not go before the clients have settled.
      const settled = answers + clients * 4;
      await until(() => answers > settled);
    }
    over = true;
  })();
  const tally = await keepAsking({
    ports: () => ports,
    clients,
    goesOn: () => !over,
    target: (index) => `/${index}`,
    check(target, { body }) {
      answers += 1;
      return body === target ? null : `got the answer to ${body}`;
    },
  });
  await rolling;
  await Promise.all(meshes.map((mesh) => mesh.stop()));
  await peer.stop();
  return { ...tally, restarts };
}

/** A gateway is stopped while clients ask; each goes on until it is refused. */
export async function drain(afterMs: number, clients: number): Promise<Tally> {
  const peer = await startSlowPeer();
  const mesh = await gatewayTo(peer, 0);
  const port = mesh.gateway.edgePort;
  const stopped = new Promise<void>((resolve) => {
    setTimeout(() => void mesh.stop().then(resolve), afterMs);
  });
  const tally = await keepAsking({
    ports: () => [port],
    clients,
    goesOn: () => true,
    target: (index) => `/${index}`,
    check: (target, { body }) => (body === target ? null : `got the answer to ${body}`),
    endsWhenRefused: true,
  });
  await stopped;
  await peer.stop();
  return tally;
}
