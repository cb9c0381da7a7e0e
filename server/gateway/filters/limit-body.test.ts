import { request } from "undici";
import { afterEach, beforeEach, expect, it } from "vitest";
import { bodyOf, exchangeBytes } from "../test-bed/peer.ts";
import { TestMesh } from "../test-bed/test-mesh.ts";

let mesh: TestMesh;
let reached: number;
beforeEach(async () => {
  mesh = await TestMesh.start();
  reached = 0;
  await mesh.serve("shop", (incoming, response) => {
    reached += 1;
    void bodyOf(incoming).then((body) => response.end(String(body.length)));
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
