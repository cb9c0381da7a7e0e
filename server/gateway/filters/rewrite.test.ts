import type { IncomingMessage } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withPrefixReplaced } from "#domain/path-rewrite.ts";
import { RouteSpec, type RouteDraft } from "#domain/route.ts";
import { FACTS } from "../test-bed/request-facts.ts";
import { exchangeBytes } from "../test-bed/peer.ts";
import { TestMesh } from "../test-bed/test-mesh.ts";
import { compileRewrite } from "./rewrite.ts";

let mesh: TestMesh;
let arrived: { target: string; headers: IncomingMessage["headers"] }[];
beforeEach(async () => {
  mesh = await TestMesh.start();
  arrived = [];
  await mesh.serve("orders", (incoming, response) => {
    arrived.push({ target: incoming.url ?? "", headers: incoming.headers });
    response.end();
  });
});
afterEach(() => mesh.stop());

function route(draft: Partial<RouteDraft>): void {
  mesh.route("orders", { destinations: [{ service: "orders", weight: 1 }], ...draft });
}

async function send(target: string): Promise<string> {
  const bytes = `GET ${target} HTTP/1.1\r\nhost: shop.test:81\r\nconnection: close\r\n\r\n`;
  return (await exchangeBytes(mesh.gateway.edgePort, bytes)).text;
}

describe("the path that is sent", () => {
  it.each([
    ["/foo/bar", "/foo", "/xyz", "/xyz/bar"],
    ["/foo/bar", "/foo", "/xyz/", "/xyz/bar"],
    ["/foo", "/foo", "/xyz", "/xyz"],
    ["/foo/", "/foo", "/xyz", "/xyz/"],
    ["/foo/bar", "/foo", "/", "/bar"],
    ["/foo/", "/foo", "/", "/"],
    ["/foo", "/foo", "/", "/"],
    ["/foo", "", "/xyz", "/xyz/foo"],
  ])("%s with prefix %s replaced by %s is %s, as Gateway API has it", (path, prefix, replacement, expected) => {
    expect(withPrefixReplaced(path, prefix, replacement)).toBe(expected);
  });

  it("has another prefix, and the query it came with", async () => {
    route({
      matches: [{ path: { kind: "prefix", value: "/api/" } }, { path: { kind: "exact", value: "/legacy" } }],
      rewritePath: { kind: "prefix", value: "/v2" },
    });
    await send("/api/orders?id=1");
    await send("/api");
    await send("/legacy?x");
    expect(arrived.map(({ target }) => target)).toEqual(["/v2/orders?id=1", "/v2", "/v2?x"]);
  });

  it("is another, with what the template took", async () => {
    route({
      matches: [{ path: { kind: "template", value: "/u/{user}/o/{order}" } }],
      rewritePath: { kind: "full", value: "/orders/{order}/of-{user}" },
    });
    await send("/u/ann/o/7%20b");
    expect(arrived[0]?.target).toBe("/orders/7%20b/of-ann");
  });

  it("is refused when parameters would make a dot segment or an encoded slash of it", async () => {
    route({
      matches: [{ path: { kind: "template", value: "/{a}/{b}" } }],
      rewritePath: { kind: "full", value: "/x/.{a}/{b}" },
      pathOptIns: ["semicolon"],
    });
    for (const target of ["/;x/b", "/%2e;/b", "/a/b%2Fc", "/a/%2e%2e", "/a/b%252F"]) {
      const refused = (await send(target)).startsWith("HTTP/1.1 400 ");
      expect({ target, refused }).toEqual({ target, refused: !target.includes("%252F") });
    }
    expect(arrived.map(({ target }) => target)).toEqual(["/x/.a/b%252F"]);
  });

  it("is held to what the route lets in, even by a route that nobody checked", () => {
    const spec = RouteSpec.parse({ matches: [{}], destinations: [{ service: "orders", weight: 1 }] });
    const facts = { ...FACTS, head: { ...FACTS.head, path: "/a" } };
    const rewritePath = { kind: "prefix" as const, value: "/x;y" };
    expect(compileRewrite({ ...spec, rewritePath })?.path?.(facts)).toBeNull();
    expect(compileRewrite({ ...spec, rewritePath, pathOptIns: ["semicolon"] })?.path?.(facts)).toBe("/x;y");
  });

  it("that is refused is no failure of the service: its breaker hears nothing", async () => {
    route({
      matches: [{ path: { kind: "template", value: "/{a}" } }],
      rewritePath: { kind: "full", value: "/.{a}" },
      pathOptIns: ["semicolon"],
    });
    expect(await send("/;x")).toContain('"code":"BAD_REQUEST"');
    expect(await send("/;x")).toContain("x-mesh-attempts: 0");
  });
});

describe("the host that is sent", () => {
  it("is the route's, and the service is told which one the client asked for", async () => {
    route({ rewriteHost: "internal.test" });
    await send("/");
    expect(arrived[0]?.headers).toMatchObject({ host: "internal.test", "x-forwarded-host": "shop.test:81" });
  });

  it("is the client's where the route says nothing", async () => {
    route({});
    await send("/");
    expect(arrived[0]?.headers.host).toBe("shop.test:81");
  });
});
