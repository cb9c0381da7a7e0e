import { connect } from "node:net";
import { request } from "undici";
import { afterEach, beforeEach, expect, it } from "vitest";
import { DEFAULT_BREAKER_SETTINGS } from "#domain/breaker-policy.ts";
import { bodyOf, exchangeBytes } from "../test-bed/peer.ts";
import { TestMesh } from "../test-bed/test-mesh.ts";

let mesh: TestMesh;
let reached: number;
/** Requests whose body came to a good end at the service. */
let whole: number;
beforeEach(async () => {
  mesh = await TestMesh.start();
  reached = 0;
  whole = 0;
  await mesh.serve("shop", (incoming, response) => {
    reached += 1;
    bodyOf(incoming).then(
      (body) => {
        whole += 1;
        response.end(String(body.length));
      },
      () => undefined,
    );
  });
  mesh.route("shop", { destinations: [{ service: "shop", weight: 1 }], maxBodyBytes: 10 });
});
afterEach(() => mesh.stop());

it("a body of the size the route allows passes, and so does none", async () => {
  for (const body of ["0123456789", ""]) {
    const answer = await request(mesh.edge, { method: "POST", body });
    expect([answer.statusCode, await answer.body.text()]).toEqual([200, String(body.length)]);
  }
});

it("a longer one is refused by its announcement alone, and the connection is closed", async () => {
  const head = "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 11\r\n";
  for (const expecting of ["", "expect: 100-continue\r\n"]) {
    const { text, closed } = await exchangeBytes(mesh.gateway.edgePort, `${head}${expecting}\r\n`);
    expect(text).toMatch(/^HTTP\/1.1 413 /);
    expect(text).toContain('"code":"BODY_TOO_LARGE"');
    expect(closed).toBe(true);
  }
  expect(reached).toBe(0);
});

const chunked = "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";

it("a chunked body of the size the route allows passes", async () => {
  const { text } = await exchangeBytes(
    mesh.gateway.edgePort,
    `${chunked}5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n`,
    "\r\n10",
  );
  expect(text).toMatch(/^HTTP\/1.1 200 /);
});

it.each([
  ["sent at once", `${chunked}b\r\n01234567890\r\n0\r\n\r\n`],
  ["never ended", `${chunked}5\r\n01234\r\n6\r\n567890\r\n`],
])("a longer chunked one, %s, is refused, and no service takes its beginning for the whole", async (_case, bytes) => {
  const { text } = await exchangeBytes(mesh.gateway.edgePort, bytes, "}");
  expect(text).toMatch(/^HTTP\/1.1 413 /);
  expect(text).toContain('"code":"BODY_TOO_LARGE"');
  expect(whole).toBe(0);
});

it("the connection of one whose end was not waited for is closed", async () => {
  const { closed } = await exchangeBytes(mesh.gateway.edgePort, `${chunked}b\r\n01234567890\r\n`);
  expect(closed).toBe(true);
});

it("one that is held here for a backup is refused as well", async () => {
  mesh.breaker({
    target: { kind: "service", service: "shop" },
    settings: DEFAULT_BREAKER_SETTINGS,
    fallbacks: [{ kind: "service", service: "backup" }],
  });
  const { text } = await exchangeBytes(mesh.gateway.edgePort, `${chunked}b\r\n01234567890\r\n0\r\n\r\n`, "}");
  expect(text).toMatch(/^HTTP\/1.1 413 /);
  expect(whole).toBe(0);
});

it("an answer that has begun breaks off when the body turns out too long", async () => {
  mesh.deregister("shop-1");
  await mesh.serve("shop", (_incoming, response) => void response.writeHead(200).write("begun"));
  const heard = await new Promise<string>((resolve) => {
    let text = "";
    const socket = connect(mesh.gateway.edgePort, "127.0.0.1", () => socket.write(`${chunked}1\r\n0\r\n`));
    socket.setEncoding("latin1");
    socket.on("data", (piece) => {
      text += String(piece);
      if (text.includes("begun")) socket.write("b\r\n01234567890\r\n0\r\n\r\n");
    });
    socket.on("error", () => undefined).on("close", () => resolve(text));
  });
  expect(heard).toMatch(/^HTTP\/1.1 200 /);
  expect(heard).not.toContain("\r\n0\r\n\r\n");
});
