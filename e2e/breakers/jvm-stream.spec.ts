import { readFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import { pino } from "pino";
import { registerInstance, type RegisteredInstance } from "#zookeeper/register-instance.ts";
import { openZooKeeper, type ZooKeeper } from "#zookeeper/session.ts";
import { expect, livePicture, test } from "../fixtures/mesh-test.ts";

const EXCERPT = readFileSync("server/domain/test-jvm-stream.txt", "utf8");
const TICK_MS = 500;

/** A JVM service with a `hystrix.stream` that can fall silent. */
class Jvm {
  readonly #server: Server;
  readonly #clients = new Set<ServerResponse>();
  readonly #timer = setInterval(() => this.#tick(), TICK_MS);
  silent = false;

  constructor() {
    this.#server = createServer((request, response) => {
      if (request.url !== "/actuator/hystrix.stream") return void response.writeHead(404).end();
      response.writeHead(200, { "content-type": "text/event-stream;charset=UTF-8" }).flushHeaders();
      this.#clients.add(response);
      response.on("close", () => this.#clients.delete(response));
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #tick(): void {
    if (this.silent) return;
    const text = EXCERPT.replaceAll(/"currentTime":\d+/g, () => `"currentTime":${Date.now()}`);
    for (const client of this.#clients) client.write(text);
  }
}

let jvm: Jvm;
let zk: ZooKeeper;
let registered: RegisteredInstance[] = [];

test.beforeEach(async ({ mesh }) => {
  jvm = new Jvm();
  const port = await jvm.listen();
  zk = openZooKeeper({ servers: mesh.zookeeper, log: pino({ level: "silent" }) });
  const at = { root: "/services", service: "billing", address: "127.0.0.1", port };
  registered = [
    registerInstance(zk, { ...at, id: "billing-1", metadata: { "hystrix.stream": "/actuator/hystrix.stream" } }),
    registerInstance(zk, { ...at, id: "billing-2", metadata: { "hystrix.stream": "http://169.254.169.254/latest" } }),
  ];
});
test.afterEach(async () => {
  await Promise.all(registered.map((instance) => instance.withdraw()));
  await zk.stop();
  jvm.stop();
});

test("a JVM's command is drawn from its stream, is lost with it, and leaves with its instance", async ({ page }) => {
  await page.goto("/breakers");
  const section = page.getByRole("region", { name: "Hystrix commands (JVM)" });
  const tile = section.getByRole("article", { name: "Hystrix command billing/ChargeCard" });
  await expect(tile).toContainText("Open");
  await expect(tile).toContainText("18.4/s");
  await expect(tile).toContainText(/p50.*42.ms.*p90.*640.ms.*p99.*800.ms/s);
  await expect(section.getByRole("article", { name: "Hystrix command billing/FetchInvoice" })).toContainText("Closed");
  await expect(section.getByRole("row", { name: /billing-2/ })).toContainText(/Refused.*not at its own address/s);

  await tile.getByRole("link", { name: "ChargeCard" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "ChargeCard" })).toBeVisible();
  const row = page.getByRole("table", { name: "The command at each instance" }).getByRole("row", { name: /billing-1/ });
  await expect(row).toContainText(/Read.*Open.*75.%.*48 of 64.*120/s);
  await expect(page.getByText(/Hystrix has no remote control/)).toBeVisible();

  jvm.silent = true;
  await expect(row).toContainText(/Lost.*sent nothing for 10 s/s);
  await expect(page.getByText("No latency: no instance's stream is read now.")).toBeVisible();

  jvm.silent = false;
  await expect(row).toContainText(/Read/, { timeout: 45_000 });

  await registered[0]?.withdraw();
  await expect(page.getByText("No instance tells of this command")).toBeVisible();
  await registered[1]?.withdraw();
  await page.goto("/breakers");
  await expect(section).toContainText("No instance in the registry advertises a stream");
});

test("a JVM's commands are in the one search of the page", async ({ page }) => {
  await page.goto("/breakers");
  const section = page.getByRole("region", { name: "Hystrix commands (JVM)" });
  await expect(section.getByRole("article")).toHaveCount(2);
  await page.getByRole("searchbox").fill("invoice");
  await expect(section.getByRole("article")).toHaveCount(1);
});

test("the console itself says what it read", async ({ page }) => {
  await expect
    .poll(async () => (await livePicture(page.request)).hystrix.map(({ key, instances }) => [key, instances.length]))
    .toEqual([
      ["billing/ChargeCard", 1],
      ["billing/FetchInvoice", 1],
    ]);
});
