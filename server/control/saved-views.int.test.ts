import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPerson } from "#db/person-repository.ts";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import type { Actor } from "#domain/audit.ts";
import { VIEWS_MOST, type ViewDraft } from "#domain/saved-view.ts";
import { AnsweredBefore } from "./idempotency.ts";
import { listSavedViews } from "./list-views.ts";
import { removeView } from "./remove-view.ts";
import { saveView } from "./save-view.ts";
import { failure } from "./test-bed/failure.ts";

const ada: Actor = { kind: "person", id: "ada", name: "Ada" };
const bob: Actor = { kind: "person", id: "bob", name: "Bob" };

let test: TestDatabase;
beforeAll(async () => {
  test = await startTestDatabase();
  await test.database.transaction(async (tx) => {
    for (const { id, name } of [ada, bob]) {
      await addPerson(tx, { id, name, email: `${id}@example.com`, role: "viewer" }, "hash");
    }
  });
});
afterAll(() => test.stop());

function draftOf(name: string, change: Partial<ViewDraft> = {}): ViewDraft {
  const state = {
    find: "error > 1%",
    hide: "idle",
    labels: ["rate" as const],
    gateways: true,
    configured: true,
    idle: true,
    grouped: true,
    asTable: false,
    expanded: ["service:orders"],
    pins: [{ id: "service:orders", x: 10.5, y: -4 }],
  };
  return { name, shared: false, state, ...change };
}

const save = (draft: ViewDraft, actor: Actor, id: string | null = null) => saveView(test, { id, draft }, actor);
const namesOf = async (actor: Actor) => (await listSavedViews(test, actor)).map(({ name }) => name);

describe("saved views", () => {
  it("are a person's own until shared; then all see them, and whose they are", async () => {
    const { id } = await save(draftOf("Errors"), ada);
    expect(await listSavedViews(test, ada)).toMatchObject([{ id, mine: true, ...draftOf("Errors") }]);
    expect(await namesOf(bob)).toEqual([]);
    await save(draftOf("Errors", { shared: true }), ada, id);
    expect(await listSavedViews(test, bob)).toMatchObject([{ name: "Errors", mine: false, ownerName: "Ada" }]);
  });

  it("have names that no other view of the same person has, whatever the case; others may use it", async () => {
    await save(draftOf("Checkout"), ada);
    expect(await failure(save(draftOf("CHECKOUT"), ada))).toMatchObject({
      code: "ALREADY_EXISTS",
      field: "draft.name",
    });
    const { id } = await save(draftOf("Other"), ada);
    expect(await failure(save(draftOf("checkout"), ada, id))).toMatchObject({ code: "ALREADY_EXISTS" });
    await save(draftOf("checkout"), bob);
    await save(draftOf("OTHER"), ada, id);
    expect(await namesOf(ada)).toContain("OTHER");
  });

  it("are changed by their maker only, and deleted by them, or by an administrator when shared", async () => {
    const { id: mine } = await save(draftOf("Private"), ada);
    const { id: ours } = await save(draftOf("Ours", { shared: true }), ada);
    expect(await failure(save(draftOf("Stolen"), bob, ours))).toMatchObject({ code: "NOT_PERMITTED" });
    expect(await failure(removeView(test, { id: ours, alsoShared: false }, bob))).toMatchObject({
      code: "NOT_PERMITTED",
    });
    expect(await failure(removeView(test, { id: mine, alsoShared: true }, bob))).toMatchObject({
      code: "NOT_PERMITTED",
    });
    await removeView(test, { id: ours, alsoShared: true }, bob);
    await removeView(test, { id: mine, alsoShared: false }, ada);
    expect(await namesOf(ada)).not.toContain("Private");
    expect(await failure(save(draftOf("Ours"), ada, ours))).toMatchObject({ code: "NOT_FOUND" });
  });

  it("asked for twice by one request are saved once", async () => {
    const deps = { ...test, asked: { key: "k1", fingerprint: "f1" } };
    await saveView(deps, { id: null, draft: draftOf("Once") }, ada);
    await expect(saveView(deps, { id: null, draft: draftOf("Once") }, ada)).rejects.toBeInstanceOf(AnsweredBefore);
  });

  it("hold so much together at most, and are saved over all the same when they become smaller", async () => {
    const pins = Array.from({ length: 2000 }, (_, n) => ({ id: `service:${"s".repeat(400)}${String(n)}`, x: n, y: n }));
    const large = (name: string): ViewDraft => draftOf(name, { state: { ...draftOf(name).state, pins } });
    const { id } = await save(large("large 1"), bob);
    await save(large("large 2"), bob);
    expect(await failure(save(large("large 3"), bob))).toMatchObject({ code: "INVALID_INPUT" });
    await save(large("larger 1"), bob, id);
    await save(draftOf("small 1"), bob, id);
    await save(large("large 3"), bob);
    for (const view of await listSavedViews(test, bob))
      if (view.mine) await removeView(test, { id: view.id, alsoShared: false }, bob);
  });

  it("are so many at most", async () => {
    const known = (await namesOf(bob)).length;
    const own = (await listSavedViews(test, bob)).filter(({ mine }) => mine).length;
    for (let at = own; at < VIEWS_MOST; at += 1) await save(draftOf(`v${at.toString()}`), bob);
    expect(await failure(save(draftOf("one too many"), bob))).toMatchObject({ code: "INVALID_INPUT" });
    expect((await namesOf(bob)).length).toBe(known + VIEWS_MOST - own);
  });
});
