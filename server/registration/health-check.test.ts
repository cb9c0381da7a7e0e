import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createTcpServer, type AddressInfo, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { healthCheckOf, isHealth, type OwnCheck } from "./health-check.ts";
import { addressTowards } from "./own-address.ts";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((closed) => server.close(closed));
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return (server.address() as AddressInfo).port;
}

const serving = (answer: RequestListener): Promise<number> => listening(createHttpServer(answer));

/** Empty when the check passed, else what was wrong. */
async function outcome(health: string | OwnCheck, port: number, timeoutMs = 2000): Promise<string> {
  const check = healthCheckOf(health, { address: "127.0.0.1", port, tls: false });
  if (check === null) return "no check";
  return check(AbortSignal.timeout(timeoutMs)).then(
    () => "",
    (error: unknown) => String(error),
  );
}

describe("a check by HTTP", () => {
  it("passes on 2xx and 3xx, and says what else was answered", async () => {
    const port = await serving((request, response) => {
      response.statusCode = Number(request.url?.slice(1));
      response.end("words");
    });
    expect(await outcome("/200", port)).toBe("");
    expect(await outcome("/302", port)).toBe("");
    expect(await outcome("/404", port)).toContain(`GET http://127.0.0.1:${port}/404 answered 404`);
    expect(await outcome(`http://127.0.0.1:${port}/503`, 1)).toContain("answered 503");
  });

  it("fails when there is no answer in time, or nobody listens", async () => {
    const port = await serving((request) => void request.resume());
    expect(await outcome("/healthz", port, 50)).toContain("got no answer (not in time)");
    expect(await outcome("/healthz", 1)).toContain("ECONNREFUSED");
  });

  it("judges an endless answer by its beginning", async () => {
    const port = await serving((_request, response) => {
      const more = (): void => {
        while (response.write("x".repeat(10_000))) if (response.destroyed) return;
      };
      response.on("drain", more);
      more();
    });
    expect(await outcome("/", port)).toBe("");
  });
});

describe("a check by connection", () => {
  it("passes when somebody listens", async () => {
    const port = await listening(createTcpServer((socket) => socket.destroy()));
    expect(await outcome("tcp", port)).toBe("");
    expect(await outcome(`tcp://127.0.0.1:${port}`, 1)).toBe("");
    expect(await outcome("tcp", 1)).toContain("no connection to 127.0.0.1:1 (ECONNREFUSED)");
  });
});

describe("a service's own check", () => {
  it("is believed, its failures are told, and it has no longer than the others", async () => {
    expect(await outcome(() => true, 1)).toBe("");
    expect(await outcome(() => Promise.resolve(false), 1)).toContain("it says so itself");
    expect(await outcome(() => Promise.reject(new Error("no disk")), 1)).toContain("no disk");
    expect(await outcome(() => new Promise<boolean>(() => undefined), 1, 20)).toContain("not answer in time");
  });
});

it("can be left out", async () => {
  expect(await outcome("none", 1)).toBe("no check");
});

it.each([
  ["/healthz", true],
  ["tcp", true],
  ["none", true],
  ["https://h:1/x", true],
  ["tcp://h:80", true],
  ["tcp://h", false],
  ["ftp://h", false],
  ["healthz", false],
  ["", false],
])("tells what can be meant: %s %s", (text, usable) => {
  expect(isHealth(text)).toBe(usable);
});

it("finds the address packets to a host leave from, and says when there is none", async () => {
  expect(await addressTowards({ host: "127.0.0.1", port: 2181 })).toBe("127.0.0.1");
  expect(["127.0.0.1", "::1"]).toContain(await addressTowards({ host: "localhost", port: 2181 }));
  await expect(addressTowards({ host: "no-such-host.invalid", port: 1 })).rejects.toThrow("no-such-host.invalid");
});
