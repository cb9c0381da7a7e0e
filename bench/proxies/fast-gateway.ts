import { randomUUID } from "node:crypto";
import gateway from "fast-gateway";
import { tellPort } from "./tell-port.ts";

const [, , target = ""] = process.argv;
const forwarding = (request: { socket: { remoteAddress?: string } }, headers: object): object => ({
  ...headers,
  "x-forwarded-for": request.socket.remoteAddress,
  "x-forwarded-proto": "http",
  "x-request-id": randomUUID(),
});
const app = gateway({
  routes: [{ prefix: "", target, hooks: { rewriteRequestHeaders: forwarding } }],
});
const server = await app.start(0, "127.0.0.1");
server.keepAliveTimeout = 300_000;
tellPort(server);
