import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { LaunchError } from "./launch-error.ts";
import { assertPortsFree, freePorts, holderOf, listeningInodes } from "./ports.ts";

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function takePort(): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen({ host: "127.0.0.1", port: 0 }, resolve));
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function problemOf(work: Promise<unknown>): Promise<LaunchError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof LaunchError) return error;
  throw new Error("expected a LaunchError");
}

describe("assertPortsFree", () => {
  it("is content when every port is free", async () => {
    const [port = 0] = await freePorts(1);
    await assertPortsFree([{ use: "the console", host: "127.0.0.1", port, variable: "CONSOLE_PORT" }]);
  });

  it("names the port, what it is for, who holds it and the variable that changes it", async () => {
    const port = await takePort();
    const error = await problemOf(
      assertPortsFree([{ use: "the console", host: "127.0.0.1", port, variable: "CONSOLE_PORT" }]),
    );
    expect(error.message).toContain(`Port ${port} for the console is taken by process ${process.pid}`);
    expect(error.remedies.join("\n")).toMatch(/CONSOLE_PORT=\d+ npm start/);
  });

  it("names all ports that are in the way at once", async () => {
    const [first, second] = [await takePort(), await takePort()];
    const error = await problemOf(
      assertPortsFree([
        { use: "the console", host: "127.0.0.1", port: first, variable: "CONSOLE_PORT" },
        { use: "the gateway", host: "127.0.0.1", port: second, variable: "GATEWAY_PORT" },
      ]),
    );
    expect(error.message).toContain(`Port ${first}`);
    expect(error.message).toContain(`Port ${second}`);
  });

  it("notices when two listeners were given one port", async () => {
    const [port = 0] = await freePorts(1);
    const error = await problemOf(
      assertPortsFree([
        { use: "the console", host: "127.0.0.1", port, variable: "CONSOLE_PORT" },
        { use: "the gateway", host: "127.0.0.1", port, variable: "GATEWAY_PORT" },
      ]),
    );
    expect(error.message).toBe(`Port ${port} for the gateway is also the one for the console.`);
  });

  it("names the host's variable when this machine has no such address", async () => {
    const [port = 0] = await freePorts(1);
    const error = await problemOf(
      assertPortsFree([{ use: "the console", host: "192.0.2.1", port, variable: "CONSOLE_PORT" }]),
    );
    expect(error.message).toContain("192.0.2.1");
    expect(error.remedies.join("\n")).toContain("CONSOLE_HOST");
  });
});

describe("freePorts", () => {
  const range = readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "utf8");
  const [firstOfSystem = 0] = range.split(/\s+/).map(Number);
  // A machine may be set up to give away nearly all ports by itself: then each call's are different, and no more.
  const isQuiet = firstOfSystem >= 21_024;

  it("hands out different ports", async () => {
    expect(new Set(await freePorts(8)).size).toBe(8);
  });

  it("hands out none twice, though nobody has listened there yet", async () => {
    const ports = [...(await freePorts(20)), ...(await freePorts(20)), ...(await freePorts(20))];
    expect(new Set(ports).size).toBeGreaterThanOrEqual(isQuiet ? 60 : 20);
  });

  it("hands out none of the system's own, nor those with which another process begins", async () => {
    const script = `import { freePorts } from "${new URL("./ports.ts", import.meta.url).href}"; console.log(JSON.stringify(await freePorts(16)))`;
    const askAnother = async (): Promise<number[]> => {
      const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
      return z.array(z.number()).parse(JSON.parse(stdout));
    };
    const ports = (await Promise.all([askAnother(), askAnother(), askAnother()])).flat();
    expect(new Set(ports).size).toBeGreaterThanOrEqual(isQuiet ? 48 : 16);
    expect(Math.max(...ports)).toBeLessThan(isQuiet ? firstOfSystem : 65_536);
  });

  it("passes over what is taken", async () => {
    const [next = 0] = await freePorts(1);
    const server = createServer();
    servers.push(server);
    await new Promise<void>((resolve) => server.listen({ host: "127.0.0.1", port: next + 1 }, resolve));
    expect(await freePorts(2)).not.toContain(next + 1);
  });

  it("says when there is no such address", async () => {
    await expect(freePorts(1, "192.0.2.1")).rejects.toThrow("EADDRNOTAVAIL");
  });
});

describe("holderOf", () => {
  it("finds the process that listens, and nobody on a free port", async () => {
    expect(holderOf(await takePort())?.pid).toBe(process.pid);
    const [free = 0] = await freePorts(1);
    expect(holderOf(free)).toBeNull();
  });
});

describe("listeningInodes", () => {
  const table = [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
    "   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0",
    "   1: 0100007F:0BB8 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0",
    "   2: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0",
  ].join("\n");

  it("takes listeners of that port only, not its connections", () => {
    expect(listeningInodes(table, 3000)).toEqual(["4711"]);
  });
});
