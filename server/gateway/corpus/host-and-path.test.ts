import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { canonicalPath } from "#domain/canonical-path.ts";
import { TrialMesh } from "../test-bed/corpus/trial-mesh.ts";
import { converse, readAnswers } from "../test-bed/wire.ts";

let trial: TrialMesh;
beforeAll(async () => {
  trial = await TrialMesh.start();
});
afterAll(() => trial.stop());
beforeEach(() => trial.upstream.clear());

const HOSTS = [
  "a.test",
  "A.TEST",
  "a.test:80",
  "a.test.",
  "[::1]",
  "[::1]:8080",
  "127.0.0.1",
  "a_b.test",
  "xn--caf-dma.test",
];
const NOT_HOSTS = [
  "",
  "a/b",
  "a@b",
  "a b",
  "a,b",
  "a:99999",
  "a:b",
  "a:",
  "::1",
  "[::1",
  "[x]",
  "a%2eb",
  "caf\xe9",
  "a..b",
  "*",
];
/** As sent, and as it must arrive; null: refused. */
const PATHS: readonly (readonly [string, string | null])[] = [
  ["/", "/"],
  ["/p", "/p"],
  ["/p?q=/../", "/p?q=/../"],
  ["/%7Ea/%2d", "/~a/-"],
  ["/%c3%a9?x", "/%C3%A9?x"],
  ["/a%20b", "/a%20b"],
  ["/a/../b", null],
  ["/a/%2E%2e/b", null],
  ["/a//b", null],
  ["/a%2fb", null],
  ["/a%5Cb", null],
  ["/a;b", null],
  ["/a%00", null],
  ["/a\\b", null],
  ["/a#b", null],
  ["/%", null],
];
/** Ways to write a target for a host and path. */
const FORMS: Readonly<Record<string, (host: string, path: string) => string>> = {
  "origin-form": (_host, path) => path,
  "absolute-form": (host, path) => `http://${host}${path}`,
  "absolute-form in capitals": (host, path) => `HTTP://${host.toUpperCase()}${path}`,
};

async function statusOf(target: string, host: string): Promise<number | undefined> {
  const bytes = `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
  const { text } = await converse(trial.port, [bytes]);
  return readAnswers(text, ["GET"], true).answers[0]?.status;
}

it.each(Object.keys(FORMS))(
  "%s: what can be read in one way only comes through, and comes through so",
  async (form) => {
    const write = FORMS[form];
    for (const host of HOSTS) {
      for (const [path, canonical] of PATHS) {
        trial.upstream.clear();
        const status = await statusOf(write?.(host, path) ?? "", host);
        const arrived = trial.upstream.seen.map(({ target, fields }) => `${fields[0]?.[1]} ${target}`);
        expect([host, path, status, arrived]).toEqual(
          canonical === null ? [host, path, 400, []] : [host, path, 200, [`${host} ${canonical}`]],
        );
      }
    }
    expect(trial.upstream.faults).toEqual([]);
  },
);

it("no path makes a host out of what is none", async () => {
  for (const host of NOT_HOSTS) {
    for (const [path] of PATHS) expect([host, path, await statusOf(path, host)]).toEqual([host, path, 400]);
  }
  expect(trial.upstream.seen).toEqual([]);
});

it("a target never speaks for another host than its Host field", async () => {
  for (const host of HOSTS) {
    for (const other of HOSTS.filter((name) => name.toLowerCase() !== host.toLowerCase())) {
      const target = `http://${other}/p`;
      expect([host, target, await statusOf(target, host)]).toEqual([host, target, 400]);
    }
  }
  expect(trial.upstream.seen).toEqual([]);
});

it("what is forwarded is canonical already: reading it again changes nothing", () => {
  const canonical = PATHS.flatMap(([, path]) => path?.split("?")[0] ?? []);
  expect(canonical.map((path) => canonicalPath(path))).toEqual(canonical.map((path) => ({ path, needs: [] })));
});
