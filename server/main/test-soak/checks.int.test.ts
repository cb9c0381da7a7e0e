import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import { Random } from "#gateway/test-bed/fuzz/random.ts";
import { specHash, encodeDocument, encodeHead, makeHead } from "#zookeeper/codec.ts";
import { Editor, type Attempt } from "./editor.ts";
import { localEdits } from "./local-edits.ts";
import { differenceInGateway, differenceInTree, type Projection } from "./mesh-checks.ts";
import { RecordCheck } from "./record-check.ts";

/** A soak that finds nothing has to be able to find something: each of these is made wrong on purpose. */
let test: TestDatabase;
let attempts: readonly Attempt[];
beforeAll(async () => {
  test = await startTestDatabase();
  const editor = new Editor(new Random(1), test.database);
  for (let turn = 0; turn < 4; turn += 1) await editor.burst(localEdits(test.database), 5);
  attempts = editor.takeAttempts();
});
afterAll(() => test.stop());

const checked = async (claimed: readonly Attempt[]): Promise<readonly string[]> =>
  (await new RecordCheck(test.database).check(claimed)).problems;

async function spoilt(sql: string, mend: string): Promise<readonly string[]> {
  const client = new Client({ connectionString: test.url });
  await client.connect();
  await client.query("ALTER TABLE audit_entry DISABLE TRIGGER ALL");
  await client.query(sql);
  const problems = await checked(attempts);
  await client.query(mend);
  await client.end();
  return problems;
}

describe("the check of the database", () => {
  it("finds nothing wrong with edits that were made", async () => {
    expect(attempts.length).toBe(20);
    expect(await checked(attempts)).toEqual([]);
  });

  it("finds an acknowledged edit that is not there, one nobody asked for, and a refusal", async () => {
    const [first, ...rest] = attempts;
    if (first === undefined) throw new Error("no attempts");
    const invented: Attempt = { ...first, key: "routes/none", outcome: { kind: "made", revision: 21, version: 1 } };
    expect(await checked([...attempts, invented])).toEqual([expect.stringContaining("is lost")]);
    expect((await checked(rest)).join()).toMatch(/nobody asked for/);
    const refused: Attempt = { ...first, outcome: { kind: "refused", code: "STALE_EDIT", detail: "" } };
    expect((await checked([...attempts, { ...refused, key: "routes/none" }])).join()).toMatch(
      /was refused: STALE_EDIT/,
    );
  });

  it.each([
    [
      "an object without its audit entry",
      "UPDATE policy_object SET revision = revision + 100 WHERE revision = (SELECT max(revision) FROM policy_object)",
      "UPDATE policy_object SET revision = revision - 100 WHERE revision > 100",
      /stands at revision 120/,
    ],
    [
      "a revision without audit entry and delivery row",
      "UPDATE mesh SET revision = 21",
      "UPDATE mesh SET revision = 20",
      /revision 21 has no audit entry.*20 delivery rows/s,
    ],
    [
      "an audit entry that was changed",
      "UPDATE audit_entry SET summary = summary || '!' WHERE sequence = 7",
      "UPDATE audit_entry SET summary = left(summary, -1) WHERE sequence = 7",
      /the audit chain breaks at 7/,
    ],
  ])("finds %s", async (_, sql, mend, said) => {
    expect((await spoilt(sql, mend)).join("\n")).toMatch(said);
    expect(await checked(attempts)).toEqual([]);
  });
});

describe("the check of ZooKeeper and the gateway", () => {
  const document = (key: string, revision: number, spec: unknown): Projection["documents"][number] => ({
    v: 1,
    key,
    revision,
    spec,
    hash: specHash(spec),
    incarnation: "db",
  });
  const wanted: Projection = {
    incarnation: "db",
    revision: 3,
    documents: [document("routes/a", 1, { a: 1 }), document("routes/b", 2, { b: 1 }), document("routes/c", 3, null)],
  };
  const head = encodeHead(makeHead("db", 3, wanted.documents));
  const nodes = new Map(wanted.documents.map((row) => [row.key, encodeDocument(row)]));
  const tree = (change: readonly (readonly [string, Buffer])[] = [], without = ""): string =>
    differenceInTree(
      { head, written: "", documents: new Map([...nodes, ...change].filter(([key]) => key !== without)) },
      wanted,
    );

  it("finds what is missing, older, unreadable or too much, and a head that is wrong", () => {
    expect(tree()).toBe("");
    expect(tree([], "routes/c")).toBe("");
    expect(tree([], "routes/a")).toBe("routes/a is missing");
    expect(tree([["routes/b", encodeDocument(document("routes/b", 1, { b: 0 }))]])).toMatch(/of revision 1/);
    expect(tree([["routes/a", Buffer.from("{")]])).toMatch(/routes\/a is not/);
    expect(tree([["routes/x", encodeDocument(document("routes/x", 3, { x: 1 }))]])).toBe(
      "routes/x should not be there",
    );
    const behind = encodeHead(makeHead("db", 2, wanted.documents));
    expect(differenceInTree({ head: behind, written: "", documents: nodes }, wanted)).toMatch(/the head says/);
    expect(differenceInTree({ head: null, written: "", documents: nodes }, wanted)).toMatch(/the head is missing/);
  });

  it("finds a gateway that is behind, refuses something, or has too little or too much", () => {
    const routes = [
      { id: "a", revision: 1, spec: { a: 1 } },
      { id: "b", revision: 2, spec: { b: 1 } },
    ];
    const config = {
      incarnation: "db",
      revision: 3,
      root: "",
      refused: [],
      routes,
      breakers: [],
      overrides: [],
      servicePolicies: [],
    };
    expect(differenceInGateway(config, wanted)).toBe("");
    expect(differenceInGateway({ ...config, revision: 2 }, wanted)).toMatch(/at revision 2/);
    expect(differenceInGateway({ ...config, refused: [{ key: "routes/a" }] }, wanted)).toMatch(/refuses/);
    expect(differenceInGateway({ ...config, routes: routes.slice(1) }, wanted)).toMatch(/another routes\/a/);
    const more = [...routes, { id: "c", revision: 3, spec: {} }];
    expect(differenceInGateway({ ...config, routes: more }, wanted)).toMatch(/has 3 objects, the database 2/);
  });
});
