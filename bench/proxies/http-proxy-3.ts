import { randomUUID } from "node:crypto";
import { Agent, createServer } from "node:http";
import { createProxyServer } from "http-proxy-3";
import { tellPort } from "./tell-port.ts";

const [, , target = ""] = process.argv;
const proxy = createProxyServer({ target, xfwd: true, agent: new Agent({ keepAlive: true, maxSockets: 256 }) });
proxy.on("error", (_error, _request, response) => void response.destroy());
const server = createServer((request, response) => {
  request.headers["x-request-id"] = randomUUID();
  proxy.web(request, response);
});
server.keepAliveTimeout = 300_000;
server.listen(0, "127.0.0.1", 4096, () => tellPort(server));
