import type { IncomingMessage } from "node:http";
import { request } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HeaderChanges } from "#domain/route-actions.ts";
import { RouteSpec, type RouteDraft } from "#domain/route.ts";
import type { RequestFacts } from "../route-filters.ts";
import { FACTS } from "../test-bed/request-facts.ts";
import { TestMesh } from "../test-bed/test-mesh.ts";
import { compileHeaderChanges } from "./change-headers.ts";

type Changes = RouteDraft["requestHeaders"];

function changed(headers: string[], changes: Changes, facts: Partial<RequestFacts> = {}): string[] {
  const spec = RouteSpec.parse({
    matches: [{}],
    destinations: [{ service: "catalog", weight: 1 }],
    requestHeaders: changes,
  });
  compileHeaderChanges(spec.requestHeaders, spec)?.apply(headers, { ...FACTS, ...facts });
  return headers;
}

describe("changes of headers", () => {
  it("remove first, then set, then add", () => {
    const set = [{ name: "x-a", value: "set" }];
    const add = [{ name: "x-a", value: "added" }];
    expect(changed(["x-a", "1", "x-b", "2", "x-a", "3"], { remove: ["X-A"], set, add })).toEqual([
      "x-b",
      "2",
      "x-a",
      "set",
      "x-a",
      "added",
    ]);
    expect(changed(["x-a", "1"], { remove: ["x-a", "x-c"] })).toEqual([]);
    expect(changed(["x-a", "1"], { add })).toEqual(["x-a", "1", "x-a", "added"]);
  });

  it("set a field once: of several values the last counts", () => {
    const set = ["one", "two"].map((value) => ({ name: "x-a", value }));
    expect(changed(["x-a", "0"], { set })).toEqual(["x-a", "two"]);
  });

  it("are nothing to do when there are none", () => {
    const none: HeaderChanges = { set: [], add: [], remove: [] };
    const spec = RouteSpec.parse({ matches: [{}], destinations: [{ service: "a", weight: 1 }] });
    expect(compileHeaderChanges(none, spec)).toBeNull();
  });

  it.each(["a\r\nset-cookie: b", "a\nb", "a\0b", "a\rb", "a\u2028b", "a\x7fb", "ß\u0100"])(
    "never write a value that is none: %j",
    (id) => {
      const changes = {
        set: [{ name: "x-set", value: "{instance}" }],
        add: [{ name: "x-add", value: "is {instance}" }],
      };
      expect(changed(["x-set", "the client's", "x-b", "2"], changes, { instance: { id } })).toEqual(["x-b", "2"]);
    },
  );

  it("leave out what cannot be said, and what the client said in its place", () => {
    const set = [{ name: "x-instance", value: "{instance}" }];
    expect(changed(["x-instance", "forged"], { set })).toEqual([]);
    expect(changed(["x-instance", "forged"], { set }, { instance: { id: "cat-1" } })).toEqual(["x-instance", "cat-1"]);
  });
});

describe("a route's changes", () => {
  let mesh: TestMesh;
  let arrived: IncomingMessage["headers"];
  beforeEach(async () => {
    mesh = await TestMesh.start();
    const answer = { "x-powered-by": "secret", "x-kept": "yes" };
    await mesh.serve(
      "catalog",
      (incoming, response) => {
        arrived = incoming.headers;
        response.writeHead(200, answer).end();
      },
      { id: "cat-1" },
    );
  });
  afterEach(() => mesh.stop());

  it("are made to what is sent, with what is known of the request", async () => {
    mesh.route("shop", {
      matches: [{ path: { kind: "template", value: "/items/{item}" } }],
      destinations: [{ service: "catalog", weight: 1 }],
      requestHeaders: {
        remove: ["x-debug"],
        set: [
          {
            name: "x-all",
            value:
              "{request.id}|{request.host}|{request.path}|{request.method}|{caller}|{client.address}|{route}|{service}|{instance}|{path.item}|{{",
          },
        ],
        add: [{ name: "x-tag", value: "two" }],
      },
    });
    const { headers } = await request(`${mesh.edge}/items/a%0d%0ab?q=1`, {
      headers: { host: "Shop.test:81", "x-debug": "1", "x-all": "forged", "x-tag": "one" },
    });
    const id = String(headers["x-request-id"]);
    expect(arrived["x-all"]).toBe(
      `${id}|shop.test|/items/a%0D%0Ab|GET|outside|127.0.0.1|shop|catalog|cat-1|a%0D%0Ab|{`,
    );
    expect(arrived["x-debug"]).toBeUndefined();
    expect(arrived["x-tag"]).toBe("one, two");
  });

  it("are made to every answer of the route, the gateway's own included, but not to what the gateway says of it", async () => {
    const responseHeaders = { remove: ["x-powered-by"], set: [{ name: "x-served-by", value: "{service}/{instance}" }] };
    mesh.route("shop", { destinations: [{ service: "catalog", weight: 1 }], responseHeaders });
    const good = await request(mesh.edge);
    expect(good.headers).toMatchObject({ "x-kept": "yes", "x-served-by": "catalog/cat-1", "x-mesh-route": "shop" });
    expect(good.headers["x-powered-by"]).toBeUndefined();
    mesh.deregister("cat-1");
    mesh.route("shop", {
      destinations: [{ service: "catalog", weight: 1 }],
      responseHeaders: { set: [{ name: "x-of", value: "{route}" }], remove: ["server-timing"] },
    });
    const failed = await request(mesh.edge);
    expect([failed.statusCode, failed.headers["x-of"]]).toEqual([503, "shop"]);
    expect(failed.headers["server-timing"]).toMatch(/^gw;/);
  });
});
