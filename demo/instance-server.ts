import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { ANSWERS, type ShopAnswer, type ShopRequest } from "./answers.ts";
import { seededRandom } from "./random.ts";
import type { ShopInstance } from "./shop-map.ts";
import type { Troubles } from "./trouble.ts";

export interface InstanceServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Calls another service on behalf of the request with that id. */
export type Ask = (requestId: string) => ShopRequest["ask"];

/** Starts one instance of a service of the shop on a free port. `ask` is how it reaches the others. */
export async function startInstanceServer(
  instance: ShopInstance,
  troubles: Troubles,
  ask: Ask,
): Promise<InstanceServer> {
  const random = seededRandom(Buffer.from(instance.id).reduce((seed, byte) => Math.imul(seed, 31) + byte, 7));
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) =>
      respond(response, { status: 500, body: { problem: String(error) } }),
    );
  });
  // Longer than a gateway keeps an idle connection, so that the gateway is the one that closes.
  server.keepAliveTimeout = 65_000;
  return { port: await listen(server), close: () => close(server) };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    const mishap = troubles.next(instance.service);
    if (mishap.kind === "reset") return void request.socket.destroy();
    if (mishap.kind === "fail") return respond(response, { status: 500, body: { problem: "broken on purpose" } });
    const [fastestMs, slowestMs] = instance.latencyMs;
    // The cube gives most answers near the fastest, and a tail.
    const workMs = fastestMs + (slowestMs - fastestMs) * random() ** 3;
    await sleep(workMs + (mishap.kind === "delay" ? mishap.ms : 0));
    const requestId = String(request.headers["x-request-id"] ?? `${instance.id}-${Math.floor(random() * 1e9)}`);
    const segments = (request.url ?? "/")
      .replace(/\?.*$/, "")
      .split("/")
      .filter((segment) => segment !== "");
    respond(
      response,
      await ANSWERS[instance.service]({ method: request.method ?? "GET", segments, ask: ask(requestId) }),
    );
  }

  function respond(response: ServerResponse, answer: ShopAnswer): void {
    if (response.headersSent || response.destroyed) return;
    const { service, version, id } = instance;
    const text = JSON.stringify({ service, version, instance: id, ...answer.body });
    response.writeHead(answer.status, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(text),
    });
    response.end(text);
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port: 0 }, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    // A request in flight ends within the patience of its caller; nobody waits longer for a demo.
    setTimeout(() => server.closeAllConnections(), 1000).unref();
  });
}
