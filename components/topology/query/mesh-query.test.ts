import { describe, expect, it } from "vitest";
import { testEdge, testNode, testOutside, testPart, testShop } from "../model/test-mesh.ts";
import { findByQuery, hideByQuery } from "./apply-queries.ts";
import { knownValues } from "./known-values.ts";
import { parseQuery } from "./parse-query.ts";

const NOTHING = { pinned: new Set<string>(), changed: new Set<string>() };

const mesh = {
  nodes: [
    testOutside(),
    testNode("storefront"),
    testNode("orders", { parts: [testPart("version=1,zone=a", "o-1"), testPart("version=2", "o-2")], errorRatio: 0.2 }),
    testNode("mail", { requestsPerSecond: 0, health: "idle", instances: 0, p95Ms: null, servingAsBackup: true }),
  ],
  edges: [
    testEdge("outside", "storefront", { gateways: [{ gatewayId: "gateway-1", requestsPerSecond: 10, errorRatio: 0 }] }),
    testEdge("storefront", "orders", {
      requestsPerSecond: 30,
      routes: ["checkout"],
      breaker: { state: "closed", override: "forced-open" },
    }),
    testEdge("storefront", "mail", { configuredOnly: true, requestsPerSecond: 0, asFallback: true }),
  ],
};

function find(text: string, context = NOTHING): readonly string[] {
  const parsed = parseQuery(text);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return (findByQuery(mesh, parsed.query, context) ?? []).map((id) => id.replaceAll("service:", ""));
}

describe("what queries find in the mesh", () => {
  it.each([
    ["orders", ["orders", "storefront→orders"]],
    ["service = orders and kind = service", ["orders"]],
    ["kind = call and from = storefront", ["storefront→orders", "storefront→mail"]],
    ["from = Outside", ["storefront", "outside→storefront"]],
    ["to = orders", ["storefront", "storefront→orders"]],
    ["error >= 20%", ["orders"]],
    ["breaker = open", ["storefront→orders"]],
    ["override", ["storefront→orders"]],
    ["override = forced-closed", []],
    ["share > 99%", ["outside→storefront", "storefront→orders"]],
    ["version = 2", ["orders"]],
    ['subset ~ "zone=a"', ["orders"]],
    ["instances = 0", ["mail", "storefront→mail"]],
    ["route = checkout", ["orders", "storefront→orders"]],
    ["gateway = gateway-1", ["storefront", "outside→storefront"]],
    ["backup", ["mail", "storefront→mail"]],
    ["kind = service and idle", ["mail"]],
    ["health != healthy", ["mail"]],
    ["kind = service and not p95 > 0", ["mail"]],
    ["instance = o-2", ["orders"]],
  ])("%s", (text, expected) => {
    expect(find(text)).toEqual(expected);
  });

  it("asks what people pinned, and what changed", () => {
    const context = { pinned: new Set(["service:mail"]), changed: new Set(["service:storefront→service:orders"]) };
    expect(find("pinned", context)).toEqual(["mail"]);
    expect(find("changed", context)).toEqual(["storefront→orders"]);
  });

  it("no query finds nothing and hides nothing", () => {
    expect(findByQuery(mesh, null, NOTHING)).toBeNull();
    expect(hideByQuery(mesh, null, NOTHING).topology).toBe(mesh);
  });

  it("hides services with the calls that touch them, and says how many", () => {
    const parsed = parseQuery("mail and kind = service");
    const hidden = hideByQuery(mesh, parsed.ok ? parsed.query : null, NOTHING);
    expect(hidden.topology.nodes.map(({ name }) => name)).toEqual(["outside", "storefront", "orders"]);
    expect([hidden.hiddenNodes, hidden.hiddenEdges]).toEqual([1, 1]);
  });
});

describe("values that are offered", () => {
  it("are those of the mesh, each once", () => {
    const known = knownValues(testShop());
    expect(known("service")).toEqual(["Outside", "orders", "storefront"]);
    expect(known("gateway")).toEqual(["gateway-1", "gateway-2"]);
    expect(known("version")).toEqual(["1", "2"]);
    expect(known("rate")).toEqual([]);
  });
});
