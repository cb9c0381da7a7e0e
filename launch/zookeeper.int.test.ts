import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { explain } from "./launch-error.ts";
import { freePorts } from "./ports.ts";
import { obtainZooKeeper } from "./zookeeper-installation.ts";
import { startZooKeeper } from "./zookeeper.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "meshkeeper-launch-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("startZooKeeper", () => {
  it("serves when it returns, says when it ends, and is gone after stop", async () => {
    const said: string[] = [];
    const server = await startZooKeeper({ port: 0, dataDir: join(folder, "zk"), report: (line) => said.push(line) });
    expect(server.address).toBe(`127.0.0.1:${server.port}`);
    expect(() => process.kill(server.pid, 0)).not.toThrow();
    expect(said.join()).toContain(server.address);
    await server.stop();
    expect(await server.exited).toBeDefined();
    expect(() => process.kill(server.pid, 0)).toThrow("ESRCH");
    await server.stop();
  });

  it("ends a server that an earlier launcher left on the same folder", async () => {
    const [port = 0] = await freePorts(1);
    const left = await startZooKeeper({ port, dataDir: folder });
    const server = await startZooKeeper({ port, dataDir: folder });
    expect(await left.exited).toBeDefined();
    expect(server.pid).not.toBe(left.pid);
    await server.stop();
  });

  it("names a taken port and the variable that changes it", async () => {
    const holder = createServer();
    await new Promise<void>((done) => holder.listen(0, "127.0.0.1", done));
    const address = holder.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await expect(startZooKeeper({ port, dataDir: folder })).rejects.toMatchObject({
      message: expect.stringContaining(`Port ${port} for ZooKeeper is taken`),
      remedies: [expect.stringContaining("ZOOKEEPER_PORT=")],
    });
    await new Promise((done) => holder.close(done));
  });

  it("names a folder it cannot use, and the variable that chooses another", async () => {
    const file = join(folder, "a-file");
    writeFileSync(file, "");
    await expect(startZooKeeper({ port: 0, dataDir: file })).rejects.toMatchObject({
      message: expect.stringContaining(file),
      remedies: [expect.stringContaining("DATA_DIR")],
    });
  });

  it("passes on what the server said when it ends while starting", async () => {
    const installation = {
      kind: "java",
      where: "a broken one",
      java: "java",
      classPath: [join(folder, "nothing.jar")],
    } as const;
    await expect(startZooKeeper({ port: 0, dataDir: folder, installation })).rejects.toMatchObject({
      message: expect.stringMatching(/a broken one.*ended while starting.*ClassNotFoundException/s),
    });
  });
});

describe("obtainZooKeeper", () => {
  it("names everything one can do when there is none", async () => {
    const outcome = await obtainZooKeeper(() => {}, {
      environment: {},
      mayInstall: false,
      debianJars: folder,
      mayUseDocker: false,
    }).catch(explain);
    for (const remedy of ["ZOOKEEPER=host:port", "apt-get install zookeeper", "ZOOKEEPER_HOME", "Docker"])
      expect(outcome).toContain(remedy);
  });

  it("refuses a ZOOKEEPER_HOME that holds no distribution, although the system has a package", async () => {
    writeFileSync(join(folder, "zookeeper.jar"), "");
    const environment = { ZOOKEEPER_HOME: folder };
    const options = { mayInstall: false, debianJars: folder, mayUseDocker: false };
    await expect(obtainZooKeeper(() => {}, { ...options, environment: {} })).resolves.toMatchObject({ kind: "java" });
    const outcome = await obtainZooKeeper(() => {}, { ...options, environment }).catch(explain);
    expect(outcome).toContain(`ZOOKEEPER_HOME=${folder} holds no lib/zookeeper-*.jar`);
    expect(outcome).toContain("→ or leave it unset");
  });

  it("takes an unpacked distribution before the system's package", async () => {
    mkdirSync(join(folder, "lib"));
    writeFileSync(join(folder, "lib", "zookeeper-3.9.3.jar"), "");
    const found = await obtainZooKeeper(() => {}, { environment: { ZOOKEEPER_HOME: folder }, mayInstall: false });
    expect(found).toMatchObject({ kind: "java", where: folder, classPath: [join(folder, "lib", "*")] });
  });
});
