import { request } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RouteDraft } from "#domain/route.ts";
import { exchangeBytes } from "../test-bed/peer.ts";
import { TestMesh } from "../test-bed/test-mesh.ts";

let mesh: TestMesh;
beforeEach(async () => {
  mesh = await TestMesh.start();
});
afterEach(() => mesh.stop());

type Redirecting = Extract<NonNullable<RouteDraft["answer"]>, { kind: "redirect" }>;

function redirects(answer: Omit<Redirecting, "kind">, extra: Partial<RouteDraft> = {}): void {
  mesh.route("moved", { answer: { kind: "redirect", ...answer }, destinations: [], ...extra });
}

async function location(target: string, host: string): Promise<string> {
  const { text } = await exchangeBytes(mesh.gateway.edgePort, get(target, host), "\r\n\r\n");
  return /^location: (.*)\r$/im.exec(text)?.[1] ?? text;
}

const get = (target: string, host: string, method = "GET"): string =>
  `${method} ${target} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`;

describe("a redirect", () => {
  it("keeps what it does not say: host, port, path and query", async () => {
    redirects({ status: 308 });
    expect(await location("/a/b?c=d&e", "Shop.test:8080")).toBe("http://shop.test:8080/a/b?c=d&e");
    const answer = await request(mesh.edge);
    expect([answer.statusCode, answer.headers["content-length"], await answer.body.text()]).toEqual([308, "0", ""]);
    expect(answer.headers["x-mesh-route"]).toBe("moved");
  });

  it.each([
    [{ scheme: "https" as const }, "a.test:8080", "https://a.test/"],
    [{ scheme: "https" as const, port: 443 }, "a.test", "https://a.test/"],
    [{ scheme: "https" as const, port: 80 }, "a.test", "https://a.test:80/"],
    [{ scheme: "http" as const }, "a.test:8080", "http://a.test/"],
    [{ port: 80 }, "a.test:8080", "http://a.test/"],
    [{ port: 8443 }, "a.test", "http://a.test:8443/"],
    [{}, "a.test:80", "http://a.test/"],
    [{ host: "b.test" }, "a.test:8080", "http://b.test:8080/"],
    [{ host: "b.test", scheme: "https" as const }, "a.test:8080", "https://b.test/"],
    [{}, "[::1]:8080", "http://[::1]:8080/"],
    [{}, "[::1]", "http://[::1]/"],
  ])("%j names a port only where it is not the scheme's own: %s becomes %s", async (answer, host, expected) => {
    redirects(answer);
    expect(await location("/", host)).toBe(expected);
  });

  it("replaces the prefix that matched, or the whole path with what a template took", async () => {
    redirects({ path: { kind: "prefix", value: "/new/" } }, { matches: [{ path: { kind: "prefix", value: "/old" } }] });
    expect(await location("/old/x?q=1", "a")).toBe("http://a/new/x?q=1");
    redirects(
      { path: { kind: "full", value: "/v2/{id}/{id}" } },
      { matches: [{ path: { kind: "template", value: "/orders/{id}" } }] },
    );
    expect(await location("/orders/caf%c3%a9?q=1", "a")).toBe("http://a/v2/caf%C3%A9/caf%C3%A9?q=1");
  });

  it("leads nowhere when the new path could be read in two ways", async () => {
    redirects(
      { path: { kind: "full", value: "/.{name}/x" } },
      { matches: [{ path: { kind: "template", value: "/{name}" } }], pathOptIns: ["encoded-slash"] },
    );
    expect(await location("/well", "a")).toBe("http://a/.well/x");
    for (const name of [".%2Fx", "%2F.."]) expect(await location(`/${name}`, "a")).toContain("400 Bad Request");
  });
});

describe("a fixed response", () => {
  it("says what the route says, and to HEAD its length only", async () => {
    mesh.route("fixed", {
      answer: { kind: "fixed", status: 503, body: "Closed für heute", contentType: "text/html" },
      destinations: [],
    });
    const answer = await request(mesh.edge);
    expect([answer.statusCode, await answer.body.text()]).toEqual([503, "Closed für heute"]);
    expect(answer.headers).toMatchObject({ "content-type": "text/html", "content-length": "17" });
    const { text, closed } = await exchangeBytes(mesh.gateway.edgePort, get("/", "a", "HEAD"));
    expect(closed).toBe(true);
    expect(text).toMatch(/^HTTP\/1.1 503 /);
    expect(text).toMatch(/content-length: 17\r\n/);
    expect(text.endsWith("\r\n\r\n")).toBe(true);
  });

  it.each([204, 304])("with status %d has neither body nor length", async (status) => {
    mesh.route("fixed", { answer: { kind: "fixed", status, body: "lost" }, destinations: [] });
    const { text } = await exchangeBytes(mesh.gateway.edgePort, get("/", "a"));
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(text).not.toMatch(/content-length|lost/);
  });

  it("stays the same however often it is given", async () => {
    mesh.route("fixed", { answer: { kind: "fixed", body: "hello" }, destinations: [] });
    const once = async () => {
      const { statusCode, headers, body } = await request(mesh.edge);
      return [statusCode, Object.keys(headers).length, await body.text()];
    };
    const first = await once();
    expect(first[2]).toBe("hello");
    expect(await once()).toEqual(first);
  });
});
