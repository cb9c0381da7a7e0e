import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { parseAddressRange } from "#domain/address-range.ts";
import type { HystrixSource } from "#domain/hystrix-command.ts";
import type { RegistryPicture } from "#domain/instance.ts";
import { testInstance, testRegistry } from "#domain/test-instance.ts";
import { AddressRules } from "#platform/address-rules.ts";
import { systemClock } from "#platform/clock.ts";
import { ingestHystrix, type HystrixIngest, type HystrixIngestOptions } from "./hystrix-ingest.ts";

const EXCERPT = readFileSync(new URL("../domain/test-jvm-stream.txt", import.meta.url), "utf8");
const LOOPBACK = new AddressRules({ allow: ["127.0.0.0/8"].flatMap((text) => parseAddressRange(text) ?? []) });
const STREAM = { "content-type": "text/event-stream;charset=UTF-8" };

let ingest: HystrixIngest;
const servers: Server[] = [];

afterEach(async () => {
  await ingest.stop();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A JVM that answers like this. Returns its port. */
async function jvm(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<number> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

const steady = (_request: IncomingMessage, response: ServerResponse): void => {
  response.writeHead(200, STREAM);
  const timer = setInterval(() => response.write(EXCERPT), 50);
  response.on("close", () => clearInterval(timer)).write(EXCERPT);
};

function picture(
  ...instances: readonly { id: string; port: number; stream?: string; address?: string }[]
): RegistryPicture {
  const entries = instances.map(({ id, port, stream = "/hystrix.stream", address = "127.0.0.1" }) =>
    testInstance({ service: "billing", id, address, port, metadata: { "hystrix.stream": stream } }),
  );
  return testRegistry([{ name: "billing", instances: entries, unreadable: [] }]);
}

function start(options: Partial<HystrixIngestOptions> = {}): void {
  ingest = ingestHystrix({
    rules: LOOPBACK,
    clock: systemClock,
    log: pino({ level: "silent" }),
    backoff: { firstMs: 20, maxMs: 50 },
    silenceMs: 300,
    ...options,
  });
}

const names = (): string[] => ingest.commands(Date.now()).map(({ key }) => key);
const source = (id = "b-1"): HystrixSource | undefined => ingest.sources().find(({ instance }) => instance === id);
const problem = (id?: string): string => source(id)?.link.problem ?? "";

async function until(condition: () => boolean): Promise<void> {
  for (const giveUpAt = performance.now() + 5000; !condition(); await sleep(5))
    if (performance.now() > giveUpAt)
      throw new Error(`Never: ${condition.toString()}; ${JSON.stringify(ingest.sources())}`);
}

describe("streams that instances advertise", () => {
  it("are followed where the instance is, and left with it", async () => {
    const paths: (string | undefined)[] = [];
    let open = 0;
    const port = await jvm((request, response) => {
      paths.push(request.url);
      open += 1;
      response.on("close", () => (open -= 1));
      steady(request, response);
    });
    start();
    ingest.follow(picture({ id: "b-1", port, stream: "/actuator/hystrix.stream?x=1" }));
    await until(() => source()?.link.state === "up" && names().length === 2);
    expect(paths).toEqual(["/actuator/hystrix.stream?x=1"]);
    expect(source()).toMatchObject({ service: "billing", commands: 2, truncated: false, link: { problem: "" } });
    expect(Date.now() - (source()?.heardAtMs ?? 0)).toBeLessThan(5000);
    ingest.follow(picture({ id: "b-1", port, stream: "/actuator/hystrix.stream?x=1" }));
    expect(paths).toHaveLength(1);
    ingest.follow(picture());
    expect([names(), ingest.sources()]).toEqual([[], []]);
    await until(() => open === 0);
  });

  it("are lost when nothing comes any more, keep what was said last, and are found again", async () => {
    let silent = false;
    const port = await jvm((request, response) => {
      if (!silent) steady(request, response);
      else response.writeHead(200, STREAM).flushHeaders();
    });
    start();
    ingest.follow(picture({ id: "b-1", port }));
    await until(() => names().length === 2);
    silent = true;
    servers[0]?.closeAllConnections();
    await until(() => problem().includes("sent nothing for 0.3 s"));
    expect([source()?.link.state, names().length]).toEqual(["down", 2]);
    silent = false;
    await until(() => source()?.link.state === "up");
  });

  it("are followed at a new address when the instance registers one", async () => {
    const [first, second] = [await jvm(steady), await jvm(steady)];
    start();
    ingest.follow(picture({ id: "b-1", port: first }));
    await until(() => source()?.link.state === "up");
    ingest.follow(picture({ id: "b-1", port: second }));
    expect(source()?.url).toContain(`:${second}/`);
    await until(() => source()?.link.state === "up");
  });

  it.each([
    ["a redirect", 302, { location: "/elsewhere", ...STREAM }, "redirects are not followed"],
    ["a status", 404, STREAM, "status 404"],
    ["a page", 200, { "content-type": "text/html" }, "text/html, and no event stream"],
    ["no type", 200, {}, "no content type"],
    ["a packed stream", 200, { ...STREAM, "content-encoding": "gzip" }, "encoding gzip"],
  ])("are not read when the answer is %s", async (_what, status, headers, words) => {
    const paths: (string | undefined)[] = [];
    const port = await jvm((request, response) => {
      paths.push(request.url);
      response.writeHead(status, headers).end(EXCERPT);
    });
    start();
    ingest.follow(picture({ id: "b-1", port }));
    await until(() => problem().includes(words) && paths.length > 1);
    expect([names(), source()?.link.state]).toEqual([[], "down"]);
    expect(new Set(paths)).toEqual(new Set(["/hystrix.stream"]));
  });

  it("are never fetched from another address, nor from one that is refused, however it is written", async () => {
    let asked = 0;
    const port = await jvm((_request, response) => {
      asked += 1;
      response.end();
    });
    start({ rules: new AddressRules() });
    ingest.follow(
      picture(
        { id: "b-1", port, address: "10.1.2.3", stream: `http://127.0.0.1:${port}/` },
        { id: "b-2", port },
        { id: "b-3", port, address: "localhost" },
        { id: "b-4", port, address: "169.254.169.254" },
        { id: "b-5", port, address: "0x7f.1" },
      ),
    );
    await until(() => ["b-2", "b-3", "b-4", "b-5"].every((id) => problem(id).includes("may not be connected to")));
    expect(source("b-1")).toMatchObject({ url: "", link: { state: "down" } });
    expect(problem("b-1")).toContain("not at its own address");
    expect(asked).toBe(0);
  });

  it("say that they cannot be reached, or ended", async () => {
    const port = await jvm((_request, response) => response.writeHead(200, STREAM).end(EXCERPT));
    start();
    ingest.follow(picture({ id: "b-1", port }, { id: "b-2", port: 1 }));
    await until(() => problem("b-1") === "It ended the stream." && problem("b-2").startsWith("It cannot be reached"));
  });

  it("are cut off when they send more than anybody has to say", async () => {
    const port = await jvm((_request, response) => {
      response.writeHead(200, STREAM).end(Buffer.alloc(6 * 1024 * 1024, "x"));
    });
    start();
    ingest.follow(picture({ id: "b-1", port }));
    await until(() => problem() === "It sends more than 4 MiB a second.");
  });

  it("beyond so many are not followed, and say so, until one leaves", async () => {
    const port = await jvm(steady);
    start({ maxStreams: 1 });
    ingest.follow(picture({ id: "b-1", port }, { id: "b-2", port }));
    await until(() => source("b-1")?.link.state === "up");
    expect(source("b-2")).toMatchObject({
      link: { state: "down", problem: "Not followed: 1 other streams are already." },
    });
    ingest.follow(picture({ id: "b-2", port }));
    await until(() => source("b-2")?.link.state === "up");
  });
});
