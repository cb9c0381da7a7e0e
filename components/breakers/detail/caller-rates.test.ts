import { expect, it } from "vitest";
import { callerRates } from "./caller-rates.ts";

it("takes each caller's own calls by the route, busiest first, and says when other routes are in the figure", () => {
  const to = "service:payments";
  const edges = [
    { from: "service:orders", to, asFallback: false, requestsPerSecond: 2, routes: ["checkout"] },
    { from: "outside", to, asFallback: false, requestsPerSecond: 5, routes: ["checkout", "refund"] },
    { from: "service:support", to, asFallback: false, requestsPerSecond: 9, routes: ["refund"] },
    { from: "service:orders", to, asFallback: true, requestsPerSecond: 7, routes: ["checkout"] },
  ];
  const breaker = { callers: ["orders", "outside"], routeId: "checkout", service: "payments" };
  expect(callerRates(breaker, edges)).toEqual([
    { caller: "outside", perSecond: 5, shared: true },
    { caller: "orders", perSecond: 2, shared: false },
  ]);
});
