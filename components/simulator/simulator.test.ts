import { describe, expect, it } from "vitest";
import { compileRoutes } from "#domain/route-match.ts";
import { RouteSpec, type RouteDraft } from "#domain/route.ts";
import type { Published } from "#domain/snapshot.ts";
import { withDraft } from "../routes/draft-routes.ts";
import { destinationShares, stickyAnswer } from "./destination-shares.ts";
import { headerValue, redirectTarget, rewrittenPath } from "./preview-request.ts";
import { readRequest, type ReadRequest } from "./read-request.ts";
import { simulate, type ExplainedCandidate } from "./simulate.ts";
import {
  EMPTY_REQUEST,
  exampleRequest,
  requestFromParams,
  requestToParams,
  type TypedRequest,
} from "./typed-request.ts";

let revision = 0;
function route(id: string, draft: Partial<RouteDraft>): Published<RouteSpec> {
  const spec = RouteSpec.parse({ matches: [{}], destinations: [{ service: "shop", weight: 1 }], ...draft });
  revision += 1;
  return { id, revision, spec };
}

function typed(part: Partial<TypedRequest>): TypedRequest {
  return { ...EMPTY_REQUEST, host: "shop.example.com", target: "/", ...part };
}

function read(part: Partial<TypedRequest>): ReadRequest {
  const request = readRequest(typed(part));
  if ("refused" in request) throw new Error(request.refused);
  return request;
}

function taken(
  routes: readonly Published<RouteSpec>[],
  request: ReadRequest,
): { spec: RouteSpec; candidate: ExplainedCandidate } {
  const { winner } = simulate(compileRoutes(routes), request);
  if (winner === null) throw new Error("no route took it");
  return { spec: winner.route.spec, candidate: winner.candidate };
}

describe("a typed request", () => {
  it("survives being an address", () => {
    const request = typed({ listener: "egress", caller: "orders", target: "/a?b=1&c=ä", headers: "x-a: 1\nx-b: 2" });
    expect(requestFromParams(new URLSearchParams(requestToParams(request).toString()))).toEqual(request);
    expect(requestToParams(EMPTY_REQUEST).toString()).toBe("");
  });

  it("made as an example for a route is taken by it", () => {
    const shop = route("shop", {
      hosts: ["*.example.com"],
      matches: [
        {
          path: { kind: "template", value: "/orders/{id}" },
          methods: ["POST"],
          headers: [{ name: "x-canary", match: { kind: "exact", value: "yes" } }],
          query: [{ name: "q", match: { kind: "prefix", value: "a b" } }],
          cookies: [{ name: "plan", match: { kind: "exact", value: "gold" } }],
          callers: ["cart"],
        },
      ],
    });
    const request = readRequest(exampleRequest(shop.spec));
    expect("refused" in request ? request.refused : simulate(compileRoutes([shop]), request).winner?.route.id).toBe(
      "shop",
    );
  });
});

describe("readRequest", () => {
  it("reads what routes look at as a gateway does", () => {
    const request = read({
      host: "Shop.Example.com.:8080",
      target: "/%61/b?x=1%202&x=3",
      headers: "X-A: 1\nx-a: 2\n",
      cookies: "a=1; b=2=3",
    });
    expect([request.host, request.path, request.search]).toEqual(["shop.example.com", "/a/b", "?x=1%202&x=3"]);
    expect([request.header("x-a"), request.query("x"), request.cookie("b"), request.caller]).toEqual([
      "1, 2",
      "1 2",
      "2=3",
      "outside",
    ]);
  });

  it("says what a gateway would refuse before it asks any route", () => {
    const refused = [{ target: "/a/../b" }, { target: "/a%00" }, { host: "a b" }, { headers: "x_a: 1" }, { host: "" }];
    expect(refused.map((part) => readRequest(typed(part)))).toEqual(
      refused.map(() => ({ refused: expect.any(String), byGateway: true })),
    );
  });

  it("tells what is no request yet from what is refused", () => {
    const unclear = [{ target: "orders" }, { headers: "no header" }, { method: "" }];
    expect(unclear.map((part) => readRequest(typed(part)))).toEqual(
      unclear.map(() => ({ refused: expect.any(String), byGateway: false })),
    );
  });
});

describe("simulate", () => {
  it("shows the draft of a route instead of its saved version, as old as that; a new one is the youngest", () => {
    const saved = [route("b", { hosts: ["other.example.com"] }), route("c", { hosts: ["shop.example.com"] })];
    const draft = route("any", { hosts: ["shop.example.com"] }).spec;
    const edited = simulate(compileRoutes(withDraft(saved, "b", draft)), read({}));
    expect(edited.winner?.route.id).toBe("b");
    expect(edited.candidates[1]?.lost).toEqual({ reason: "outranked", detail: "b comes first" });
    expect(simulate(compileRoutes(withDraft(saved, "a", draft)), read({})).winner?.route.id).toBe("c");
  });

  it("refuses a path that the winner does not let through, whatever others would do", () => {
    const routes = [route("strict", { priority: 1 }), route("lax", { pathOptIns: ["double-slash"] })];
    const { winner, refusal } = simulate(compileRoutes(routes), read({ target: "/a//b" }));
    expect(winner?.route.id).toBe("strict");
    expect(refusal).toContain("double-slash");
  });

  it("refuses to open a WebSocket where that is not switched on", () => {
    const headers = "upgrade: websocket";
    const refusals = [false, true].map((webSocket) => {
      return simulate(compileRoutes([route("chat", { webSocket })]), read({ headers })).refusal;
    });
    expect(refusals).toEqual([expect.stringContaining("WebSocket"), null]);
  });

  it("lets the route that will take the request answer its preflight, if it speaks CORS", () => {
    const cors = { origins: ["https://shop.example.com"] };
    const path = { kind: "prefix", value: "/" } as const;
    const routes = [
      route("puts", { matches: [{ path, methods: ["PUT"] }], cors }),
      route("deletes", { matches: [{ path, methods: ["DELETE"] }] }),
      route("rest", {}),
    ];
    const takenBy = (method: string): unknown => {
      const headers = `origin: https://shop.example.com\naccess-control-request-method: ${method}`;
      const { winner, preflightFor } = simulate(compileRoutes(routes), read({ method: "OPTIONS", headers }));
      return [winner?.route.id, preflightFor];
    };
    expect([takenBy("PUT"), takenBy("DELETE")]).toEqual([
      ["puts", "PUT"],
      ["rest", null],
    ]);
  });
});

describe("what is sent", () => {
  it("has the matched prefix replaced, and parameters of a template filled in", () => {
    const prefixed = taken(
      [route("a", { matches: [{ path: { kind: "prefix", value: "/api/" } }] })],
      read({ target: "/api/x" }),
    );
    const { match } = prefixed.candidate;
    expect(rewrittenPath({ kind: "prefix", value: "/v2" }, match, read({ target: "/api/x" }))).toBe("/v2/x");

    const request = read({ target: "/orders/7/items?page=2" });
    const { candidate } = taken(
      [route("a", { matches: [{ path: { kind: "template", value: "/orders/{id}/items" } }] })],
      request,
    );
    expect(rewrittenPath({ kind: "full", value: "/o/{id}" }, candidate.match, request)).toBe("/o/7");
    expect(headerValue("{path.id} via {route} {request.id}", "a", candidate.match, request)).toBe(
      "7 via a {request.id}",
    );
    expect(headerValue("{path.none}", "a", candidate.match, request)).toMatch(/left out/);
  });

  it("leads a redirect to what it says, and keeps the rest of the request's address", () => {
    const request = read({ host: "shop.example.com:8080", target: "/old/x?a=1" });
    const { candidate } = taken([route("a", { matches: [{ path: { kind: "prefix", value: "/old" } }] })], request);
    const redirect = { kind: "redirect", status: 302, scheme: null, host: null, port: null, path: null } as const;
    expect(redirectTarget(redirect, candidate.match, request)).toBe("http://shop.example.com:8080/old/x?a=1");
    expect(
      redirectTarget(
        { ...redirect, scheme: "https", host: "new.example.com", path: { kind: "prefix", value: "/new" } },
        candidate.match,
        request,
      ),
    ).toBe("https://new.example.com/new/x?a=1");
  });
});

describe("where it goes", () => {
  const { spec } = route("split", {
    destinations: [
      { service: "shop", labels: { version: "1" }, weight: 60 },
      { service: "shop", labels: { version: "2" }, weight: 20 },
      { service: "shop", labels: { version: "1" }, weight: 20 },
    ],
  });

  it("counts destinations that name the same subset as one", () => {
    expect(destinationShares(spec).map(({ name, share }) => [name, share])).toEqual([
      ["shop version=1", 0.8],
      ["shop version=2", 0.2],
    ]);
  });

  it("tells a sticky request's destination, in the long run by the weights", () => {
    const key = { kind: "cookie", name: "session" } as const;
    const answers = Array.from({ length: 2000 }, (_, at) =>
      stickyAnswer(spec, key, read({ cookies: `session=${at.toString()}` })),
    );
    const second = answers.filter((answer) => answer.kind === "goes-to" && answer.name === "shop version=2").length;
    expect(second / answers.length).toBeCloseTo(0.2, 1);
    expect(stickyAnswer(spec, key, read({}))).toEqual({ kind: "no-key" });
    expect(stickyAnswer(spec, { kind: "address" }, read({}))).toEqual({ kind: "unknown" });
  });
});
