import { randomBytes, timingSafeEqual } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { dirname } from "node:path";
import { text } from "node:stream/consumers";
import type { Part } from "#platform/lifecycle.ts";
import { ControlOrder, controlFile, type ControlAddress, type DemoStatus } from "./control-contract.ts";
import type { Load } from "./load.ts";
import { SHOP_SERVICES } from "./shop-map.ts";
import type { Troubles } from "./trouble.ts";

/** What orders act on. */
export interface DemoHandles {
  readonly troubles: Troubles;
  readonly load: Pick<Load, "steady">;
  readonly status: () => DemoStatus;
}

/** Opens the demo's control port on loopback, and tells where in a file that only this user can read. */
export async function openControl(dataDir: string, demo: DemoHandles): Promise<Part> {
  const token = randomBytes(24).toString("hex");
  const server = createServer((request, response) => void answer(request, response, token, demo));
  await new Promise<void>((resolve, reject) =>
    server.once("error", reject).listen({ host: "127.0.0.1", port: 0 }, resolve),
  );
  const address = server.address();
  const file = controlFile(dataDir);
  const content: ControlAddress = {
    pid: process.pid,
    port: typeof address === "object" && address !== null ? address.port : 0,
    token,
  };
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  writeFileSync(file, `${JSON.stringify(content)}\n`, { mode: 0o600 });
  return {
    name: "control",
    stop: async () => {
      rmSync(file, { force: true });
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  demo: DemoHandles,
): Promise<void> {
  const reply = (code: number, body: unknown): void => {
    response.writeHead(code, { "content-type": "application/json", connection: "close" });
    response.end(JSON.stringify(body));
  };
  try {
    if (!isSame(request.headers.authorization ?? "", `Bearer ${token}`)) return reply(403, { problem: "wrong token" });
    const order = ControlOrder.safeParse(JSON.parse(await text(request)));
    if (!order.success) return reply(400, { problem: "not an order" });
    obey(order.data, demo);
    reply(200, demo.status());
  } catch (error) {
    reply(400, { problem: String(error) });
  }
}

function obey(order: ControlOrder, { troubles, load }: DemoHandles): void {
  switch (order.order) {
    case "status":
      return;
    case "break":
    case "slow":
      return troubles.set(order.service, order.order);
    case "load":
      return load.steady(order.perSecond);
    case "heal":
      for (const service of order.service === undefined ? SHOP_SERVICES : [order.service]) troubles.heal(service);
  }
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
