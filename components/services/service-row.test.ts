import { expect, it } from "vitest";
import { testInstance } from "#domain/test-instance.ts";
import { testPicture, testService } from "#domain/test-picture.ts";
import { buildTopology } from "#domain/topology-build.ts";
import { EMPTY_REGISTRY } from "#domain/instance.ts";
import { testTotals } from "#domain/test-totals.ts";
import { serviceRow, serviceRows } from "./service-row.ts";

const { topology } = testPicture({
  topology: buildTopology({
    calls: [testTotals({ service: "cart" })],
    windowMs: 10_000,
    breakers: [],
    registry: EMPTY_REGISTRY,
    routes: [],
    policies: [],
  }),
});
const cart = testService("cart", [], {
  instances: ["10", "9", "9"].map((version, at) => testInstance({ id: String(at), metadata: { version } })),
});

it("has its node, how many instances serve, and its versions in order", () => {
  const picture = testPicture({ topology, services: [cart] });
  expect(serviceRow(picture, cart)).toMatchObject({ node: { name: "cart" }, serving: 3, versions: ["9", "10"] });
  expect(serviceRows(picture)).toEqual([serviceRow(picture, cart)]);
});

it("is the same row while service and node are as before, and another when one of them is", () => {
  const [before] = serviceRows({ topology, services: [cart] });
  expect(serviceRows({ topology: { ...topology }, services: [cart] })[0]).toBe(before);
  const nodes = topology.nodes.map((node) => ({ ...node }));
  expect(serviceRows({ topology: { nodes, edges: [] }, services: [cart] })[0]).not.toBe(before);
  expect(serviceRows({ topology: { nodes: [], edges: [] }, services: [cart] })[0]?.node).toBeNull();
});
