import type { RequestFacts } from "../route-filters.ts";

/** What is known of a plain GET at the edge, before an instance was chosen. */
export const FACTS: RequestFacts = {
  requestId: "r-1",
  arrival: { caller: "outside", remoteAddress: "192.0.2.1", scheme: "http" },
  head: {
    method: "GET",
    path: "/a",
    pathNeeds: [],
    search: "",
    host: "shop.test",
    authority: "shop.test",
    headers: [],
    hopNames: [],
    webSocket: false,
    spoken: "1.1",
    hasBody: false,
    contentLength: null,
  },
  match: null,
  route: { id: "shop" },
  target: { service: "catalog" },
  instance: null,
};
