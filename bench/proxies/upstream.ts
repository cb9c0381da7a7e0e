import { createServer } from "node:http";
import { tellPort } from "./tell-port.ts";

const ten = Buffer.alloc(10 * 1024, "x");

/** The service behind the proxies: nothing, 10 KiB, or what it takes to read 10 KiB. */
const server = createServer((request, response) => {
  if (request.url === "/10k") return void response.writeHead(200, { "content-length": ten.length }).end(ten);
  request.resume();
  request.on("end", () => response.writeHead(200, { "content-length": 0 }).end());
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => tellPort(server));
