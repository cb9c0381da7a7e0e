import { Agent, createServer } from "node:http";
import { createProxyServer } from "http-proxy-3";
import { tellPort } from "./tell-port.ts";

const [, , target = ""] = process.argv;
const proxy = createProxyServer({ target, agent: new Agent({ keepAlive: true, maxSockets: 256 }) });
proxy.on("error", (_error, _request, response) => void response.destroy());
const server = createServer((request, response) => proxy.web(request, response));
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => tellPort(server));
