import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPostgres, type PostgresServer } from "./embedded.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "meshkeeper-embedded-"));
  await chmod(folder, 0o711);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function query(server: Pick<PostgresServer, "url">, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe("the embedded PostgreSQL", () => {
  it("keeps what was committed over a clean stop and over kill -9, and its address over both", async () => {
    const dataDir = join(folder, "kept");
    let server = await startPostgres({ dataDir, port: 0 });
    const { port, url } = server;
    await query(server, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)");
    await server.stop();
    expect((await server.exited).code).toBe(0);

    server = await startPostgres({ dataDir, port });
    expect(server.url).toBe(url);
    await query(server, "INSERT INTO kept VALUES (2)");
    server.kill("SIGKILL");
    expect(await server.exited).toEqual({ code: null, signal: "SIGKILL" });

    server = await startPostgres({ dataDir, port });
    expect(await query(server, "SELECT n FROM kept ORDER BY n")).toEqual([{ n: 1 }, { n: 2 }]);
    await server.stop();
    // A second stop finds nothing to do.
    await server.stop();
  });

  it("asks for the password, and keeps it from other users", async () => {
    const server = await startPostgres({ dataDir: join(folder, "secret"), port: 0 });
    await expect(query({ url: server.url.replace(/:[^:@/]+@/, ":wrong@") }, "SELECT 1")).rejects.toThrow(/password/);
    expect((await stat(join(server.home, "password"))).mode & 0o077).toBe(0);
    await server.stop();
  });

  it("says which port is taken", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const address = holder.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const dataDir = join(folder, "taken");
    await expect(startPostgres({ dataDir, port })).rejects.toMatchObject({
      reason: "port-taken",
      message: expect.stringContaining(String(port)),
    });
    holder.close();
  });

  it("refuses a folder that a living launcher's server uses", async () => {
    const dataDir = join(folder, "in-use");
    const server = await startPostgres({ dataDir, port: 0 });
    await expect(startPostgres({ dataDir, port: 0 })).rejects.toMatchObject({
      reason: "in-use",
      message: expect.stringContaining(String(process.pid)),
    });
    await server.stop();
  });

  it("stops a server that outlived its launcher, and goes on with its data", async () => {
    const dataDir = join(folder, "orphan");
    const script = join(folder, "launcher.ts");
    const module = new URL("./embedded.ts", import.meta.url).href;
    await writeFile(
      script,
      `import { startPostgres } from ${JSON.stringify(module)};\nconst s = await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, port: 0 });\nconsole.log(s.pid);\nsetInterval(() => {}, 1000);\n`,
    );
    const launcher = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
    const [printed] = await once(launcher.stdout, "data");
    const orphan = Number(String(printed));
    launcher.kill("SIGKILL");
    await once(launcher, "exit");

    const said: string[] = [];
    const server = await startPostgres({ dataDir, port: 0, report: (line) => said.push(line) });
    expect(said.join()).toContain(`process ${orphan}`);
    await server.stop();
  });

  it("is not stopped by a lock file whose process number belongs to somebody else now", async () => {
    const dataDir = join(folder, "stale");
    const first = await startPostgres({ dataDir, port: 0 });
    first.kill("SIGKILL");
    await first.exited;
    const lock = join(first.home, "cluster", "postmaster.pid");
    await writeFile(lock, (await readFile(lock, "utf8")).replace(/^\d+/, String(process.pid)));
    const server = await startPostgres({ dataDir, port: 0 });
    expect(await query(server, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await server.stop();
  });
});
