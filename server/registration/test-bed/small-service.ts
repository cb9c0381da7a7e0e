import { createServer } from "node:http";
import { pino } from "pino";
import { openZooKeeper } from "#zookeeper/session.ts";

/**
 * A service for tests to register: `small-service.ts PORT well|unwell SERVERS ENTRY`. POST /well and /unwell change what /healthz answers,
 * GET /checks tells how often that was asked, POST /exit/3 ends it with 3. On SIGTERM it looks whether ENTRY is still in
 * the ZooKeeper at SERVERS, says so, and ends with 7.
 */
const [port = "0", start = "", servers = "", entry = ""] = process.argv.slice(2);
let well = start === "well";
let checks = 0;

createServer((request, response) => {
  const path = request.url ?? "/";
  if (path === "/healthz") {
    checks += 1;
    response.statusCode = well ? 200 : 503;
  }
  if (path === "/well" || path === "/unwell") well = path === "/well";
  if (path.startsWith("/exit/")) process.exit(Number(path.slice("/exit/".length)));
  response.end(path === "/checks" ? String(checks) : "");
}).listen(Number(port), "127.0.0.1", () => process.stdout.write(`serving in ${process.cwd()} as ${process.pid}\n`));

process.once("SIGTERM", () => {
  const zk = openZooKeeper({ servers, log: pino({ level: "silent" }) });
  void zk.read(entry).then(async (node) => {
    process.stdout.write(`at SIGTERM the entry was ${node === null ? "gone" : "there"}\n`);
    await zk.stop();
    process.exit(7);
  });
});
