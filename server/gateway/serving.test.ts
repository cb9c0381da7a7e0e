import { readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { request, Pool } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TrafficWindow } from "#domain/traffic.ts";
import { readLastGood, stateFiles } from "./last-good.ts";
import { startRawPeer, until } from "./test-bed/peer.ts";
import { windowsUntil as streamedUntil } from "./test-bed/streamed-windows.ts";
import { TestMesh } from "./test-bed/test-mesh.ts";

let mesh: TestMesh;
beforeEach(async () => {
  mesh = await TestMesh.start();
});
afterEach(() => mesh.stop());

async function get(path = "/", options: { method?: "GET" | "POST"; body?: string } = {}) {
  const answer = await request(mesh.edge + path, options);
  return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
}

const codeOf = (text: string): string => String(JSON.parse(text).code);

const windowsUntil = (enough: (windows: readonly TrafficWindow[]) => boolean, query = "") =>
  streamedUntil(mesh, enough, query);

const sum = (windows: readonly TrafficWindow[], outcome: keyof TrafficWindow["edges"][number]["counts"]): number =>
  windows.flatMap(({ edges }) => edges).reduce((total, { counts }) => total + (counts[outcome] ?? 0), 0);

describe("timeouts", () => {
  it("gives up on a call that has no head within the breaker's timeout: 504", async () => {
    await mesh.serve("slow", () => undefined);
    mesh.route("slow", { destinations: [{ service: "slow", weight: 1 }] });
    mesh.breaker({ target: { kind: "service", service: "slow" }, settings: { timeoutMs: 80 } });
    const startedMs = performance.now();
    const { status, text } = await get();
    expect([status, codeOf(text)]).toEqual([504, "UPSTREAM_TIMEOUT"]);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(79);
    const windows = await windowsUntil((seen) => sum(seen, "timeout") === 1);
    expect(windows.flatMap(({ edges }) => edges)[0]).toMatchObject({
      caller: "outside",
      routeId: "slow",
      service: "slow",
      instance: "slow-1",
    });
  });

  it("lets a body take longer than the call's timeout, but not longer than the route's time for everything", async () => {
    await mesh.serve("drip", (_incoming, response) => {
      response.write("head, ");
      const timer = setInterval(() => response.write("more, "), 50);
      response.on("close", () => clearInterval(timer));
    });
    mesh.route("drip", { destinations: [{ service: "drip", weight: 1 }], timeoutMs: 600 });
    mesh.breaker({ target: { kind: "service", service: "drip" }, settings: { timeoutMs: 100 } });
    const answer = await request(mesh.edge);
    expect(answer.statusCode).toBe(200);
    const startedMs = performance.now();
    await expect(answer.body.text()).rejects.toThrow(/terminated|closed|aborted/);
    expect(performance.now() - startedMs).toBeGreaterThan(300);
    const windows = await windowsUntil((seen) => sum(seen, "success") === 1);
    expect(sum(windows, "timeout")).toBe(0);
  });

  it("counts an unreachable service as such: 502", async () => {
    mesh.register({ service: "gone", id: "gone", port: 1 });
    mesh.route("gone", { destinations: [{ service: "gone", weight: 1 }] });
    const { status, text } = await get();
    expect([status, codeOf(text)]).toEqual([502, "UPSTREAM_CONNECT"]);
  });
});

describe("bodies", () => {
  it("pass both ways unchanged, whatever their size", async () => {
    await mesh.serve("echo", (incoming, response) => incoming.pipe(response));
    mesh.route("echo", { destinations: [{ service: "echo", weight: 1 }] });
    for (const size of [1, 65_536, 3_000_000]) {
      const sent = Buffer.alloc(size, "abcdefghij");
      const answer = await request(mesh.edge, { method: "POST", body: sent });
      expect(Buffer.from(await answer.body.arrayBuffer()).equals(sent)).toBe(true);
    }
  });

  it("wait for a slow client instead of piling up here", async () => {
    let produced = 0;
    await mesh.serve("big", (_incoming, response) => {
      const chunk = Buffer.alloc(65_536);
      const more = (): void => {
        do produced += chunk.length;
        while (response.write(chunk) && produced < 400 * 1024 * 1024);
      };
      response.on("drain", more).on("error", () => undefined);
      more();
    });
    mesh.route("big", { destinations: [{ service: "big", weight: 1 }] });
    const client = connect(mesh.gateway.edgePort, "127.0.0.1");
    client.on("error", () => undefined).pause();
    client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    let before = -1;
    await until(async () => {
      const stands = produced > 0 && produced === before;
      before = produced;
      await sleep(100);
      return stands;
    });
    expect(produced).toBeLessThan(64 * 1024 * 1024);
    client.destroy();
  });

  it("an early answer to an upload ends the exchange and closes the connection", async () => {
    await mesh.serve("refuses", (_incoming, response) =>
      response.writeHead(413, { connection: "close" }).end("too much"),
    );
    mesh.route("refuses", { destinations: [{ service: "refuses", weight: 1 }] });
    const client = connect(mesh.gateway.edgePort, "127.0.0.1");
    let text = "";
    client.on("data", (chunk) => (text += String(chunk))).on("error", () => undefined);
    client.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nstart");
    await until(() => text.includes("too much"));
    expect(text).toContain("HTTP/1.1 413");
    expect(text.toLowerCase()).toContain("connection: close");
    client.destroy();
  });
});

describe("a client that goes away", () => {
  it("ends the call at the service, counts as abandoned, and not against the breaker", async () => {
    let ended = 0;
    await mesh.serve("slow", (_incoming, response) => response.on("close", () => (ended += 1)));
    mesh.route("slow", { destinations: [{ service: "slow", weight: 1 }] });
    const client = connect(mesh.gateway.edgePort, "127.0.0.1");
    client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await until(async () =>
      (await (await request(`${mesh.admin}/metrics`)).body.text()).includes("meshkeeper_requests_in_flight 1"),
    );
    client.destroy();
    await until(() => ended === 1);
    const windows = await windowsUntil((seen) => sum(seen, "abandoned") === 1);
    expect(windows.flatMap(({ breakers }) => breakers).at(-1)?.window.total).toBe(0);
    await until(async () =>
      (await (await request(`${mesh.admin}/metrics`)).body.text()).includes("meshkeeper_requests_in_flight 0"),
    );
  });

  it(
    "leaves nothing pinned: after 60 clients vanish in mid-body, service is as before",
    { timeout: 30_000 },
    async () => {
      const big = Buffer.alloc(20_000_000);
      await mesh.serve("big", (incoming, response) => response.end(incoming.url === "/big" ? big : "ok"));
      mesh.route("big", { destinations: [{ service: "big", weight: 1 }], timeoutMs: 60_000 });
      mesh.breaker({
        target: { kind: "service", service: "big" },
        settings: { maxConcurrent: 400, timeoutMs: 30_000 },
      });
      const clients = Array.from({ length: 60 }, () => {
        const client = connect(mesh.gateway.edgePort, "127.0.0.1");
        client.on("error", () => undefined);
        client.write("GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
        return client;
      });
      await Promise.all(clients.map((client) => new Promise((resolve) => client.once("readable", resolve))));
      for (const client of clients) client.destroy();
      await until(
        async () =>
          (await (await request(`${mesh.admin}/metrics`)).body.text()).includes("meshkeeper_requests_in_flight 0"),
        15_000,
      );
      const answers = await Promise.all(Array.from({ length: 50 }, () => get()));
      expect(answers.every(({ status, text }) => status === 200 && text === "ok")).toBe(true);
      const windows = await windowsUntil(
        (seen) => seen.at(-1)?.breakers[0]?.inFlight === 0 && sum(seen, "success") >= 50,
      );
      expect(sum(windows, "success") + sum(windows, "abandoned")).toBe(110);
    },
  );
});

describe("telemetry", () => {
  it("has a window every second also when nothing happens, says hello, and resumes where a reader was", async () => {
    const windows = await windowsUntil((seen) => seen.length >= 2);
    const [first, second] = windows;
    expect(second?.sequence).toBe((first?.sequence ?? 0) + 1);
    const resumed = await windowsUntil(
      (seen) => seen.length >= 1,
      `?run=${first?.run ?? ""}&after=${first?.sequence ?? 0}`,
    );
    expect(resumed[0]?.sequence).toBe(second?.sequence);
    const stranger = await windowsUntil((seen) => seen.length >= 1, "?run=other&after=1");
    expect(stranger[0]?.sequence).toBe(1);
  });

  it("tells its readers of the last second, too, before the gateway is gone", async () => {
    await mesh.serve("ten", (_incoming, response) => response.end("0123456789"));
    mesh.route("ten", { hosts: ["ten.test"], destinations: [{ service: "ten", weight: 1 }] });
    const { body } = await request(`${mesh.admin}/telemetry`);
    const read = body.text();
    for (let n = 0; n < 20; n += 1) await (await request(mesh.edge, { headers: { host: "ten.test" } })).body.text();
    await mesh.stop();
    const told = [...(await read).matchAll(/^event: window\n.*\ndata: (.*)$/gm)].map(([, data]) =>
      TrafficWindow.parse(JSON.parse(data ?? "")),
    );
    expect(sum(told, "success")).toBe(20);
  });

  it("counts bytes sent on and requests no route took", async () => {
    await mesh.serve("ten", (_incoming, response) => response.end("0123456789"));
    mesh.route("ten", { hosts: ["ten.test"], destinations: [{ service: "ten", weight: 1 }] });
    await (await request(mesh.edge, { headers: { host: "ten.test" } })).body.text();
    await get("/nowhere");
    const windows = await windowsUntil(
      (seen) => seen.reduce((total, { unrouted }) => total + unrouted, 0) === 1 && sum(seen, "success") === 1,
    );
    expect(windows.flatMap(({ edges }) => edges)).toMatchObject([{ bytesOut: 10, latency: [[expect.any(Number), 1]] }]);
  });
});

describe("last good snapshot", () => {
  const silent = pino({ level: "silent" });

  it("is enough to serve by, with nobody to ask", async () => {
    await mesh.serve("catalog", (_incoming, response) => response.end("catalog"));
    mesh.route("shop", { destinations: [{ service: "catalog", weight: 1 }] });
    const files = stateFiles(mesh.dataDir, "gw-test");
    const lastGood = await until(async () => {
      const saved = await readLastGood(files, silent);
      return saved?.policy.revision === 1 && saved.registry?.services.length === 1 ? saved : null;
    });
    const alone = await TestMesh.start({ id: "gw-alone", lastGood });
    try {
      const answer = await request(alone.edge);
      expect([answer.statusCode, await answer.body.text(), answer.headers["x-mesh-revision"]]).toEqual([
        200,
        "catalog",
        "1",
      ]);
      expect((await request(`${alone.admin}/readyz`)).statusCode).toBe(200);
      expect(await (await request(`${alone.admin}/config`)).body.json()).toMatchObject({ source: "disk", revision: 1 });
    } finally {
      await alone.stop();
    }
  });

  it("is used without the document that is damaged, which is named", async () => {
    mesh.route("shop", { destinations: [{ service: "catalog", weight: 1 }] });
    mesh.route("blog", { destinations: [{ service: "blog", weight: 1 }] });
    await mesh.stop({ keepData: true });
    const files = stateFiles(mesh.dataDir, "gw-test");
    // Written anew by the next one, whose first policy it is: no change follows it.
    const again = await TestMesh.start({ dataDir: mesh.dataDir, lastGood: await readLastGood(files, silent) });
    await again.stop({ keepData: true });
    const path = files.shared?.policy ?? "";
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace('"shop"', '"shoq"'));
    const lastGood = await readLastGood(files, silent);
    expect([...(lastGood?.policy.routes.keys() ?? [])]).toEqual(["blog"]);
    expect(lastGood?.refused).toEqual([
      {
        key: expect.stringMatching(/^saved document [12]$/),
        revision: 2,
        reason: "it is damaged on the gateway's disk",
      },
    ]);
    await writeFile(path, text.slice(3));
    expect(await readLastGood(files, silent)).toBeNull();
  });
});

describe("stopping", () => {
  it("lets requests in flight end, takes no new ones, is not ready meanwhile, and tells clients to go", async () => {
    let release = (): void => undefined;
    await mesh.serve("slow", (_incoming, response) => (release = () => response.end("at last")));
    mesh.route("slow", { destinations: [{ service: "slow", weight: 1 }] });
    mesh.breaker({ target: { kind: "service", service: "slow" }, settings: { timeoutMs: 5000 } });
    const client = new Pool(mesh.edge, { connections: 1 });
    const pending = client.request({ path: "/", method: "GET" });
    await until(async () =>
      (await (await request(`${mesh.admin}/metrics`)).body.text()).includes("meshkeeper_requests_in_flight 1"),
    );
    const stopped = mesh.gateway.stop();
    await until(async () => (await request(`${mesh.admin}/readyz`)).statusCode === 503);
    expect(await (await request(`${mesh.admin}/readyz`)).body.json()).toMatchObject({ reasons: ["draining"] });
    await expect(request(mesh.edge)).rejects.toThrow(/ECONNREFUSED/);
    release();
    const answer = await pending;
    expect([answer.statusCode, answer.headers["connection"], await answer.body.text()]).toEqual([
      200,
      "close",
      "at last",
    ]);
    await stopped;
    await expect(request(mesh.admin)).rejects.toThrow(/ECONNREFUSED/);
    await client.destroy();
  });

  it("cuts off what does not end in time", async () => {
    const hurried = await TestMesh.start({ drainMs: 50 });
    await hurried.serve("never", () => undefined);
    hurried.route("never", { destinations: [{ service: "never", weight: 1 }] });
    hurried.breaker({ target: { kind: "service", service: "never" }, settings: { timeoutMs: 60_000 } });
    const pending = request(hurried.edge).then(
      () => "answered",
      () => "cut off",
    );
    await until(async () =>
      (await (await request(`${hurried.admin}/metrics`)).body.text()).includes("meshkeeper_requests_in_flight 1"),
    );
    await hurried.stop();
    expect(await pending).toBe("cut off");
  });
});

describe("a port that is taken", () => {
  it("is named, and nothing is left running", async () => {
    const taken = await startRawPeer(() => undefined);
    await expect(TestMesh.start({ edge: { host: "127.0.0.1", port: taken.port } })).rejects.toMatchObject({
      name: "ListenFailure",
      listener: "edge",
      port: taken.port,
      code: "EADDRINUSE",
    });
    await taken.stop();
  });
});
