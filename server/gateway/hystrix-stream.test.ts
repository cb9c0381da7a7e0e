import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { messagesOf, roundProblems, type Message } from "#domain/test-hystrix.ts";
import { TestMesh } from "./test-bed/test-mesh.ts";

let mesh: TestMesh;

beforeEach(async () => {
  mesh = await TestMesh.start();
});
afterEach(() => mesh.stop());

/** Reads rounds of the stream until one is as wanted. */
async function round(what: string, wanted: (messages: readonly Message[]) => boolean): Promise<readonly Message[]> {
  const giveUp = AbortSignal.timeout(15_000);
  const answer = await fetch(`${mesh.admin}/hystrix.stream?delay=100`, { signal: giveUp });
  let text = "";
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    const rounds = text.split("ping: \n\n");
    text = rounds.pop() ?? "";
    for (const each of rounds) {
      const messages = messagesOf(each);
      expect(roundProblems(messages, Date.now())).toEqual([]);
      if (wanted(messages)) return messages;
    }
  }
  throw new Error(`Never: ${what}`);
}

const command = (messages: readonly Message[], name: string): Message =>
  messages.find((message) => message["name"] === name) ?? {};

async function call(path: string): Promise<number> {
  const answer = await fetch(`${mesh.edge}${path}`);
  await answer.arrayBuffer();
  return answer.status;
}

describe("a gateway's hystrix.stream", () => {
  it("tells of calls of every outcome what the dashboard asks for", async () => {
    const slow: (() => void)[] = [];
    await mesh.serve("orders", (request, response) => {
      if (request.url === "/fail") response.writeHead(500).end();
      else if (request.url === "/late") slow.push(() => response.end());
      else if (request.url === "/reset") request.socket.destroy();
      else response.end("ok");
    });
    await mesh.serve("backup", (_request, response) => response.end("backup"));
    mesh.route("shop", { destinations: [{ service: "orders", weight: 1 }] });
    mesh.breaker({
      target: { kind: "service", service: "orders" },
      settings: { timeoutMs: 200, requestVolumeThreshold: 100, maxConcurrent: 2 },
      fallbacks: [{ kind: "service", service: "backup" }],
    });
    for (const path of ["/", "/", "/", "/fail", "/fail", "/late"]) await call(path);
    await call("/reset");
    await Promise.all(Array.from({ length: 3 }, () => call("/late")));
    const lift = mesh.force({ target: { kind: "service", service: "orders" }, mode: "forced-open" });
    await call("/");
    const forced = await round("it is forced open", (messages) => {
      const { isCircuitBreakerOpen, rollingCountShortCircuited } = command(messages, "shop->orders");
      return isCircuitBreakerOpen === true && rollingCountShortCircuited === 1;
    });
    expect(command(forced, "shop->orders")).toMatchObject({
      group: "orders",
      requestCount: 10,
      rollingCountSuccess: 3,
      rollingCountFailure: 3,
      rollingCountTimeout: 3,
      rollingCountSemaphoreRejected: 1,
      rollingCountFallbackSuccess: 8,
      rollingCountExceptionsThrown: 0,
      propertyValue_circuitBreakerForceOpen: true,
      propertyValue_executionIsolationStrategy: "SEMAPHORE",
      propertyValue_executionIsolationThreadTimeoutInMilliseconds: 200,
    });
    expect(forced.filter(({ type }) => type === "HystrixThreadPool").map(({ name }) => name)).toContain("orders");
    lift();
    await round(
      "it is closed again",
      (messages) => command(messages, "shop->orders")["isCircuitBreakerOpen"] === false,
    );
    for (const end of slow) end();
  });

  it("is there before the first call, and says that a breaker has opened by itself", async () => {
    await mesh.serve("orders", (_request, response) => response.writeHead(503).end());
    mesh.route("shop", { destinations: [{ service: "orders", weight: 1 }] });
    mesh.breaker({ target: { kind: "service", service: "orders" }, settings: { requestVolumeThreshold: 2 } });
    const idle = await round("the command is there", (messages) => messages.length === 2);
    expect(command(idle, "shop->orders")).toMatchObject({ isCircuitBreakerOpen: false, requestCount: 0 });
    await call("/");
    await call("/");
    expect(await call("/")).toBe(503);
    const opened = await round(
      "it is open",
      (messages) => command(messages, "shop->orders")["isCircuitBreakerOpen"] === true,
    );
    expect(command(opened, "shop->orders")).toMatchObject({ errorPercentage: 100, rollingCountExceptionsThrown: 3 });
  });

  it("is among the paths that the admin listener names", async () => {
    expect(await (await fetch(`${mesh.admin}/nothing`)).json()).toMatchObject({
      paths: expect.arrayContaining(["/hystrix.stream"]) as unknown,
    });
    expect((await fetch(`${mesh.admin}/hystrix.stream`, { method: "HEAD" })).status).toBe(200);
    expect((await fetch(`${mesh.admin}/hystrix.stream`, { method: "POST" })).status).toBe(405);
  });
});
