import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPerson } from "#db/person-repository.ts";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import { openIdentity, type Identity } from "./identity.ts";
import { hashPassword } from "./password.ts";
import { OFFLINE_TRUST_MS } from "./session-reader.ts";

const URL = "http://127.0.0.1:3000";
const ADA = { email: "ada@example.com", password: "correct horse battery" };

let test: TestDatabase;
let identity: Identity;
let nowMs = 0;
beforeAll(async () => {
  test = await startTestDatabase();
  const passwordHash = await hashPassword(ADA.password);
  await test.database.transaction((tx) =>
    addPerson(tx, { id: "ada", name: "Ada", email: ADA.email, role: "operator" }, passwordHash),
  );
  identity = openIdentity({
    client: test.database.client,
    secret: "a secret of more than thirty-two characters",
    baseUrl: URL,
    trustedOrigins: [URL],
    log: pino({ level: "silent" }),
    clock: { nowMs: () => Date.now(), monotonicMs: () => nowMs },
    onSignIn: async () => {},
  });
});
afterAll(() => test.stop());

async function signIn(): Promise<Headers> {
  const request = new Request(`${URL}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(ADA),
  });
  const response = await identity.answer(request, "127.0.0.1");
  return new Headers({ cookie: response.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "" });
}

describe("who is behind a request", () => {
  it("is nobody without a cookie, or with one that was made up or tampered with", async () => {
    const real = (await signIn()).get("cookie") ?? "";
    expect(await identity.personOf(new Headers({ cookie: real }))).toEqual({
      id: "ada",
      name: "Ada",
      email: ADA.email,
      role: "operator",
    });
    expect(await identity.personOf(new Headers())).toBeNull();
    for (const cookie of ["meshkeeper.session_token=made-up", `${real}x`, real.replace(/\.[^.]*$/, ".forged")]) {
      expect(await identity.personOf(new Headers({ cookie })), cookie).toBeNull();
    }
  });

  it("is who it was while the database is away, for five minutes; and cannot be told of a session not seen before", async () => {
    const [seen, unseen] = [await signIn(), await signIn()];
    await identity.personOf(seen);
    await test.kill();
    nowMs += OFFLINE_TRUST_MS - 1;
    expect(await identity.personOf(seen)).toMatchObject({ id: "ada" });
    await expect(identity.personOf(unseen)).rejects.toMatchObject({ code: "DATABASE_DOWN" });
    nowMs += 1;
    await expect(identity.personOf(seen)).rejects.toMatchObject({ code: "DATABASE_DOWN" });
    await test.restart();
    expect(await identity.personOf(unseen)).toMatchObject({ id: "ada" });
  });

  it("is nobody at once after signing out, also when the database goes away next", async () => {
    const headers = await signIn();
    await identity.personOf(headers);
    const signOut = new Request(`${URL}/api/auth/sign-out`, {
      method: "POST",
      headers: { cookie: headers.get("cookie") ?? "", origin: URL },
    });
    expect((await identity.answer(signOut, "127.0.0.1")).status).toBe(200);
    expect(await identity.personOf(headers)).toBeNull();
    await test.kill();
    await expect(identity.personOf(headers)).rejects.toMatchObject({ code: "DATABASE_DOWN" });
    await test.restart();
  });
});
