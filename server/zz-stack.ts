import { startPostgres } from "/work/main/server/db/embedded.ts";
import { startZooKeeper } from "/work/main/launch/zookeeper.ts";
import { writeFileSync, existsSync } from "node:fs";
let pg = await startPostgres({ dataDir: "/tmp/hc/live/pg", port: 0 });
const zk = await startZooKeeper({ port: 0, dataDir: "/tmp/hc/live/zk" });
writeFileSync("/tmp/hc/live/env", `export DATABASE_URL='${pg.url}' ZOOKEEPER=${zk.address} PGPID=${pg.pid} ZKPID=${zk.pid}\n`);
console.log("up", pg.url, zk.address);
const port = pg.port;
// restart on demand
setInterval(async () => { if (pg.pid && existsSync("/tmp/hc/live/restart-pg")) { const fs = await import("node:fs"); fs.rmSync("/tmp/hc/live/restart-pg"); pg = await startPostgres({ dataDir: "/tmp/hc/live/pg", port }); console.log("pg again", pg.pid); writeFileSync("/tmp/hc/live/env", `export DATABASE_URL='${pg.url}' ZOOKEEPER=${zk.address} PGPID=${pg.pid} ZKPID=${zk.pid}\n`);} }, 300);
process.on("SIGTERM", async () => { await pg.stop(); await zk.stop(); process.exit(0); });
