import { randomUUID } from "node:crypto";
import httpProxy from "@fastify/http-proxy";
import fastify from "fastify";
import { tellPort } from "./tell-port.ts";

const [, , target = ""] = process.argv;
const app = fastify({ logger: false, keepAliveTimeout: 300_000, genReqId: () => randomUUID() });
await app.register(httpProxy, {
  upstream: target,
  undici: { connections: 256, pipelining: 1 },
  replyOptions: {
    rewriteRequestHeaders: (request, headers) => ({
      ...headers,
      "x-forwarded-for": request.ip,
      "x-forwarded-proto": request.protocol,
      "x-request-id": request.id,
    }),
  },
});
await app.listen({ host: "127.0.0.1", port: 0, backlog: 4096 });
tellPort(app.server);
