import { createServer } from "node:http";
import { LARGE_BYTES, LARGE_PATH } from "../lab/paths.ts";
import { tellPort } from "./tell-port.ts";

const large = Buffer.alloc(LARGE_BYTES, "x");

/** The service behind the proxies where there is no nginx: nothing, 10 KiB, or what it takes to read 10 KiB. */
const server = createServer((request, response) => {
  if (request.url === LARGE_PATH) {
    response.writeHead(200, { "content-length": large.length }).end(large);
    return;
  }
  request.resume();
  request.on("end", () => response.writeHead(200, { "content-length": 0 }).end());
});
server.keepAliveTimeout = 300_000;
server.listen(0, "127.0.0.1", 4096, () => tellPort(server));
