import { createTRPCClient, TRPCClientError } from "@trpc/client";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AppRouter } from "#api/root.ts";
import { mutationLinks } from "#components/api/mutation-links.ts";
import { NOTHING_RECORDED } from "#control/traffic-history.ts";
import { claimSignInLink } from "#control/claim-sign-in-link.ts";
import { issueFirstAdministratorLink, issueRecoveryLink } from "#control/issue-sign-in-link.ts";
import { listAudit } from "#control/list-audit.ts";
import { recordSignIn } from "#control/record-sign-in.ts";
import { readMesh } from "#db/mesh-repository.ts";
import { addPerson } from "#db/person-repository.ts";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import { DEFAULT_HEALTH_ROW } from "#domain/health-policy.ts";
import { EMPTY_REGISTRY } from "#domain/instance.ts";
import { testSync, testZooKeeperLink } from "#domain/test-sync.ts";
import { openIdentity } from "#identity/identity.ts";
import { hashPassword } from "#identity/password.ts";
import { AddressRules } from "#platform/address-rules.ts";
import { systemClock } from "#platform/clock.ts";
import { ZooKeeperFailure } from "#zookeeper/failure.ts";
import { collectTelemetry } from "#telemetry/collector.ts";
import { Departures } from "#telemetry/departures.ts";
import { HeldCalls } from "#control/held-calls.ts";
import { Simulations } from "#control/simulations.ts";
import { FleetBreakers } from "#telemetry/fleet-breakers.ts";
import { FleetOutlooks } from "#telemetry/fleet-outlooks.ts";
import { ingestHystrix } from "#telemetry/hystrix-ingest.ts";
import { takePicture } from "#telemetry/live-picture.ts";
import { openLive } from "#telemetry/live.ts";
import { ServicePeaks } from "#telemetry/service-peaks.ts";
import { consoleHttp } from "./console-http.ts";
import { listen, type Listening } from "./listen.ts";
import type { Pages } from "./pages.ts";
import { startLossyWire } from "./test-lossy-wire.ts";
import { openLiveStream } from "./test-live-stream.ts";

const log = pino({ level: "silent" });
const ADA = { email: "ada@example.com", password: "correct horse battery" };
const VERA = { email: "vera@example.com", password: "only here to look" };
const ROUTE = { matches: [{}], destinations: [{ service: "catalog", weight: 1 }] };

let test: TestDatabase;
let http: Listening;
let url: string;
const stops: (() => Promise<void>)[] = [];

/** Pages need Next's build; here they only say which policy they were given. */
const pages: Pages = {
  name: "pages",
  development: false,
  answer: async (request, response) => void response.end(String(request.headers["x-nonce"])),
  stop: async () => {},
};

beforeAll(async () => {
  test = await startTestDatabase();
  http = await listen("127.0.0.1", 0);
  url = `http://127.0.0.1:${http.port}`;
  const { database } = test;
  const deps = { database };
  const directory = { current: () => ({ registrations: [], acknowledgements: [] }), onChange: () => () => {} };
  const collector = collectTelemetry({ directory, onWindow: () => {}, clock: systemClock, log });
  const sources = {
    consoleId: "test",
    collector,
    fleet: new FleetBreakers(),
    registry: () => EMPTY_REGISTRY,
    departures: new Departures(),
    outlooks: new FleetOutlooks(new ServicePeaks(systemClock)),
    hystrix: ingestHystrix({ rules: new AddressRules(), clock: systemClock, log }),
    routes: () => [],
    breakerPolicies: () => [],
    health: () => DEFAULT_HEALTH_ROW,
    sync: () => testSync({ savedRevision: 0, publishedRevision: null, leader: null }),
    links: () => ({ zookeeper: testZooKeeperLink(), database: database.status() }),
  };
  const live = openLive(() => takePicture(sources, Date.now()), 50);
  stops.push(
    () => live.stop(),
    () => collector.stop(),
  );
  const secret = "a secret of more than thirty-two characters";
  const identity = openIdentity({
    client: database.client,
    secret,
    baseUrl: url,
    trustedOrigins: [url],
    log,
    onSignIn: (person) => recordSignIn(deps, person),
  });
  const missing = () =>
    [{ what: "database", problem: database.status().problem }].filter(({ problem }) => problem !== "");
  const answer = consoleHttp({
    deps: {
      ...deps,
      live,
      anchor: { read: () => Promise.resolve(null) },
      publisher: {
        survey: () => Promise.reject(new ZooKeeperFailure("NOT_CONNECTED", { operation: "read", path: "/" })),
      },
      recorder: { held: new HeldCalls(10), hours: 24 },
      history: NOTHING_RECORDED,
      simulations: new Simulations(),
      forceConfirmRps: 10,
    },
    identity,
    pages,
    url,
    origins: [url],
    missing,
    degraded: () => [],
    metrics: { render: () => Promise.resolve("meshkeeper_made_up 1\n") },
    log,
  });
  http.serve((request, response) => void answer(request, response));
});
afterAll(async () => {
  for (const stop of stops) await stop();
  await http.stop();
  await test.stop();
});

interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- what the answer holds is what each test looks at
  readonly body: any;
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${url}${path}`, init);
  return { status: response.status, body: await response.json() };
}

const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  ask(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

async function signIn(credentials: { email: string; password: string }): Promise<string> {
  const response = await fetch(`${url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify(credentials),
  });
  expect(response.status).toBe(200);
  const [cookie = ""] = response.headers.getSetCookie();
  expect(cookie).toMatch(/HttpOnly; SameSite=Lax/);
  return cookie.split(";", 1)[0] ?? "";
}

describe("the first administrator", () => {
  it("is whoever uses the one-time link, once; nobody signs up without one", async () => {
    expect((await ask("/api/trpc/session.me")).body.result.data).toEqual({
      person: null,
      needsFirstAdministrator: true,
      forceConfirmRps: 10,
    });
    const [first, second] = [
      await issueFirstAdministratorLink({ database: test.database }),
      await issueFirstAdministratorLink({ database: test.database }),
    ];
    const claim = (token: string | null, email: string) =>
      post("/api/trpc/session.claim", { token, name: "Ada", email, password: ADA.password });
    expect((await claim("not-the-token", "x@example.com")).body.error.data).toMatchObject({
      httpStatus: 404,
      mesh: { code: "NOT_FOUND", field: "token" },
    });
    const claims = await Promise.all([
      claim(first, ADA.email),
      claim(first, "eve@example.com"),
      claim(second, "mallory@example.com"),
    ]);
    expect(claims.filter(({ status }) => status === 200)).toHaveLength(1);
    const winner = claims.find(({ status }) => status === 200)?.body.result.data.email;
    await test.database.read((db) => db.person.update({ where: { email: winner }, data: { email: ADA.email } }));

    expect(await issueFirstAdministratorLink({ database: test.database })).toBeNull();
    expect((await claim(second, "late@example.com")).status).toBe(404);
    expect((await post("/api/auth/sign-up/email", { ...ADA, email: "new@example.com", name: "New" })).status).toBe(404);
    expect((await ask("/api/trpc/session.me")).body.result.data.needsFirstAdministrator).toBe(false);
  });

  it("may be given a new password by a link, which ends the sessions there were", async () => {
    const cookie = await signIn(ADA);
    const token = await issueRecoveryLink({ database: test.database }, "ADA@example.com");
    await claimSignInLink(
      { database: test.database },
      { token, name: "ignored", email: "ignored@example.com", password: "a new password" },
    );
    expect((await ask("/api/trpc/session.me", { headers: { cookie } })).body.result.data.person).toBeNull();
    expect((await post("/api/auth/sign-in/email", ADA)).status).toBe(401);
    ADA.password = "a new password";
    await signIn(ADA);
    await expect(issueRecoveryLink({ database: test.database }, "nobody@example.com")).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
});

describe("a session", () => {
  it("is on record, names its person, and ends with signing out", async () => {
    const cookie = await signIn(ADA);
    expect((await ask("/api/trpc/session.me", { headers: { cookie } })).body.result.data.person).toMatchObject({
      email: ADA.email,
      role: "administrator",
    });
    expect((await listAudit({ database: test.database }, { limit: 1 })).entries[0]).toMatchObject({
      action: "person.sign-in",
      target: `people/${ADA.email}`,
    });
    expect((await post("/api/auth/sign-out", {}, { cookie, origin: url })).status).toBe(200);
    expect((await ask("/api/trpc/session.me", { headers: { cookie } })).body.result.data.person).toBeNull();
  });

  it("cannot be guessed: after ten wrong passwords a minute's wait, even with the right one", async () => {
    const attempt = (password: string) => post("/api/auth/sign-in/email", { email: "someone@example.com", password });
    for (let n = 0; n < 10; n += 1) expect((await attempt("wrong")).status).toBe(401);
    expect(await attempt("right?")).toMatchObject({ status: 429, body: { code: "TOO_MANY_ATTEMPTS" } });
    await signIn(ADA);
  });
});

describe("the API", () => {
  it("answers nobody who is not signed in, and lets a viewer look but not edit", async () => {
    expect((await ask("/api/trpc/routes.list")).body.error.data).toMatchObject({
      httpStatus: 401,
      mesh: { code: "NOT_SIGNED_IN" },
    });
    const passwordHash = await hashPassword(VERA.password);
    await test.database.transaction((tx) =>
      addPerson(tx, { id: "vera", name: "Vera", email: VERA.email, role: "viewer" }, passwordHash),
    );
    const cookie = await signIn(VERA);
    expect((await ask("/api/trpc/routes.list", { headers: { cookie } })).status).toBe(200);
    const refused = await post("/api/trpc/routes.create", { id: "vera", spec: ROUTE }, { cookie });
    expect(refused.body.error.data).toMatchObject({
      httpStatus: 403,
      mesh: { code: "NOT_PERMITTED", blame: "caller" },
    });
  });

  it("names every field at fault", async () => {
    const cookie = await signIn(ADA);
    const { status, body } = await post(
      "/api/trpc/routes.create",
      { id: "Bad Name", spec: { ...ROUTE, destinations: [] } },
      { cookie },
    );
    expect(status).toBe(400);
    expect(body.error.data.mesh).toMatchObject({
      code: "INVALID_INPUT",
      fieldErrors: [{ path: "id" }, { path: "spec.destinations" }],
    });
  });

  it("gives a stale edit the current row", async () => {
    const cookie = await signIn(ADA);
    await post("/api/trpc/routes.create", { id: "contested", spec: ROUTE }, { cookie });
    const update = () =>
      post("/api/trpc/routes.update", { id: "contested", expectedVersion: 1, spec: ROUTE }, { cookie });
    expect((await update()).body.result.data.version).toBe(2);
    expect((await update()).body.error.data).toMatchObject({
      httpStatus: 409,
      mesh: { code: "STALE_EDIT", current: { id: "contested", version: 2 } },
    });
  });

  it("leaks nothing of an unexpected failure", async () => {
    const cookie = await signIn(ADA);
    await test.database.read((db) => db.$executeRaw`ALTER TABLE policy_object RENAME COLUMN updated_by TO gone`);
    const { status, body } = await ask("/api/trpc/routes.list", { headers: { cookie } });
    await test.database.read((db) => db.$executeRaw`ALTER TABLE policy_object RENAME COLUMN gone TO updated_by`);
    expect(status).toBeGreaterThanOrEqual(500);
    expect(JSON.stringify(body)).not.toMatch(/updated_by|policy_object|prisma|stack/i);
  });

  it("refuses other sites' pages, bodies over 1 MiB, and what it does not have", async () => {
    const cookie = await signIn(ADA);
    const foreign = { cookie, origin: "https://evil.example" };
    expect(await post("/api/trpc/routes.create", { id: "evil", spec: ROUTE }, foreign)).toMatchObject({
      status: 403,
      body: { code: "NOT_PERMITTED" },
    });
    expect((await post("/api/auth/sign-in/email", ADA, foreign)).status).toBe(403);
    expect((await post("/api/trpc/routes.create", { id: "x".repeat(1_100_000) }, { cookie })).status).toBe(413);
    expect((await ask("/api/trpc/no.such")).body.error.data.mesh.code).toBe("NOT_FOUND");
    expect((await ask("/api/other")).status).toBe(404);
  });

  it("sends security headers everywhere, and pages a nonce of their own", async () => {
    const [one, two] = await Promise.all([fetch(`${url}/`), fetch(`${url}/`)]);
    const nonces = await Promise.all([one.text(), two.text()]);
    expect(one.headers.get("content-security-policy")).toContain(`'nonce-${nonces[0]}'`);
    expect(nonces[0]).not.toBe(nonces[1]);
    for (const path of ["/", "/healthz", "/api/other"]) {
      const { headers } = await fetch(`${url}${path}`);
      expect([
        headers.get("x-content-type-options"),
        headers.get("x-frame-options"),
        headers.get("referrer-policy"),
      ]).toEqual(["nosniff", "DENY", "same-origin"]);
    }
  });
});

describe("an edit with an idempotency key", () => {
  const revisionOf = async (): Promise<number> => (await test.database.read(readMesh)).revision;

  it("is made once however often and however fast it is asked for, with the same answer each time", async () => {
    const cookie = await signIn(ADA);
    const before = await revisionOf();
    const create = () =>
      post("/api/trpc/routes.create", { id: "once", spec: ROUTE }, { cookie, "idempotency-key": "k-1" });
    const answers = await Promise.all(Array.from({ length: 32 }, create));
    answers.push(await create());
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers[0]?.body.result.data).toMatchObject({ id: "once", version: 1, revision: before + 1 });
    expect(await revisionOf()).toBe(before + 1);
  });

  it("may not use the key for anything else, and needs one that can be sent", async () => {
    const cookie = await signIn(ADA);
    const create = (id: string, key: string) =>
      post("/api/trpc/routes.create", { id, spec: ROUTE }, { cookie, "idempotency-key": key });
    expect((await create("twice", "k-2")).status).toBe(200);
    expect(await create("thrice", "k-2")).toMatchObject({
      status: 422,
      body: { error: { data: { mesh: { code: "IDEMPOTENCY_KEY_REUSED" } } } },
    });
    for (const key of ["", "two words", "x".repeat(129)])
      expect(await create("never", key)).toMatchObject({
        status: 400,
        body: { error: { data: { mesh: { code: "INVALID_INPUT" } } } },
      });
  });

  it("may have no input, and what is no JSON is still refused", async () => {
    const headers = {
      cookie: await signIn(ADA),
      "content-type": "application/json",
      "idempotency-key": "k-empty",
    };
    expect(await ask("/api/trpc/sync.checkNow", { method: "POST", headers })).toMatchObject({
      status: 200,
      body: { result: { data: { asked: true } } },
    });
    const broken = { ...headers, "idempotency-key": "k-broken" };
    expect((await ask("/api/trpc/routes.create", { method: "POST", headers: broken, body: "{" })).status).toBe(400);
  });

  it("is answered as it was even where what it did would now be refused", async () => {
    const cookie = await signIn(ADA);
    const headers = { cookie, "idempotency-key": "k-3" };
    await post("/api/trpc/routes.create", { id: "answered", spec: ROUTE }, { cookie });
    const update = () => post("/api/trpc/routes.update", { id: "answered", expectedVersion: 1, spec: ROUTE }, headers);
    const first = await update();
    expect(first.body.result.data.version).toBe(2);
    expect(await update()).toEqual(first);
  });

  it("is asked for again by the browser when its answer was lost, and made once", async () => {
    const wire = await startLossyWire({ url, cookie: await signIn(ADA), lose: 2 });
    stops.push(() => wire.stop());
    const client = createTRPCClient<AppRouter>({
      links: mutationLinks({ url: `${wire.url}/api/trpc`, delaysMs: [1, 1] }),
    });
    const before = await revisionOf();
    const made = await client.routes.create.mutate({ id: "lost-answer", spec: ROUTE });
    expect(made).toMatchObject({ id: "lost-answer", version: 1, revision: before + 1 });
    expect(wire.keys).toHaveLength(3);
    expect(new Set(wire.keys).size).toBe(1);
    expect(await revisionOf()).toBe(before + 1);
    // A refusal is an answer: it is not asked for again.
    await expect(client.routes.create.mutate({ id: "lost-answer", spec: ROUTE })).rejects.toMatchObject({
      data: { mesh: { code: "ALREADY_EXISTS" } },
    });
    expect(wire.keys).toHaveLength(4);
    expect(wire.keys[3]).not.toBe(wire.keys[0]);
  });

  it("is made once, too, when the person asks again after the browser has given up", async () => {
    const wire = await startLossyWire({ url, cookie: await signIn(ADA), lose: 3 });
    stops.push(() => wire.stop());
    const client = createTRPCClient<AppRouter>({
      links: mutationLinks({ url: `${wire.url}/api/trpc`, delaysMs: [1, 1] }),
    });
    const before = await revisionOf();
    const create = () => client.routes.create.mutate({ id: "pressed-again", spec: ROUTE });
    await expect(create()).rejects.toBeInstanceOf(TRPCClientError);
    expect(await create()).toMatchObject({ id: "pressed-again", version: 1, revision: before + 1 });
    expect(wire.keys).toHaveLength(4);
    expect(new Set(wire.keys).size).toBe(1);
    expect(await revisionOf()).toBe(before + 1);
  });
});

describe("what people decide about publishing", () => {
  const query = (path: string, input: unknown, cookie: string): Promise<Answer> =>
    ask(`/api/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`, { headers: { cookie } });

  it("needs the role for it: a viewer looks, an operator compares, an administrator chooses for the mesh", async () => {
    const vera = await signIn(VERA);
    expect((await query("sync.drift", { state: "all" }, vera)).body.result.data).toEqual([]);
    expect((await post("/api/trpc/sync.setDriftMode", { mode: "hold" }, { cookie: vera })).status).toBe(403);
    expect((await query("sync.survey", undefined, vera)).status).toBe(403);
    const cookie = await signIn(ADA);
    const set = await post("/api/trpc/sync.setDriftMode", { mode: "hold" }, { cookie });
    expect(set.body.result.data).toEqual({ mode: "hold" });
    expect((await query("sync.survey", undefined, cookie)).body.error.data).toMatchObject({
      httpStatus: 503,
      mesh: { code: "ZOOKEEPER_DOWN" },
    });
    const { body } = await query("sync.deliveries", { limit: 1 }, cookie);
    const { revision } = await test.database.read(readMesh);
    expect(body.result.data).toMatchObject([{ revision, actor: "Ada", applied: { count: 0 } }]);
  });
});

describe("the live stream", () => {
  it("that was cut goes on with what changed since, and is whole again only for a picture that is not here", async () => {
    const cookie = await signIn(ADA);
    const first = await openLiveStream(url, cookie);
    await expect.poll(() => first.messages.length).toBeGreaterThan(2);
    await first.cut();
    const { id = "" } = first.messages.at(-1) ?? {};
    expect(first.messages.map(({ kind }) => kind)).toEqual(["whole", ...first.messages.slice(1).map(() => "changes")]);
    const picture = first.picture();
    if (picture === null) throw new Error("no picture came");

    const second = await openLiveStream(url, cookie, { id, picture, names: first.names() });
    await expect.poll(() => second.messages.length).toBeGreaterThan(1);
    await second.cut();
    expect(second.messages.every(({ kind }) => kind === "changes")).toBe(true);
    expect(second.picture()?.atMs).toBeGreaterThan(picture.atMs);

    const stranger = await openLiveStream(url, cookie, { id: "elsewhere-9", picture, names: first.names() });
    await expect.poll(() => stranger.messages.length).toBeGreaterThan(0);
    await stranger.cut();
    expect(stranger.messages[0]?.kind).toBe("whole");
  });
});

describe("while PostgreSQL is away", () => {
  it("edits fail closed, people stay signed in, the live picture goes on and says so, and all is well once it is back", async () => {
    const cookie = await signIn(ADA);
    await ask("/api/trpc/session.me", { headers: { cookie } });
    const stream = await openLiveStream(url, cookie);
    const database = () => stream.picture()?.links.database.state;
    await expect.poll(database).toBe("up");

    await test.kill();
    const startMs = performance.now();
    const edit = await post("/api/trpc/routes.create", { id: "lost", spec: ROUTE }, { cookie });
    expect(edit.body.error.data).toMatchObject({ httpStatus: 503, mesh: { code: "DATABASE_DOWN", blame: "operator" } });
    expect(performance.now() - startMs).toBeLessThan(8000);
    expect((await ask("/api/trpc/session.me", { headers: { cookie } })).body.result.data.person.email).toBe(ADA.email);
    expect((await ask("/api/trpc/session.me")).body.error.data.mesh.code).toBe("DATABASE_DOWN");
    expect(await post("/api/auth/sign-in/email", ADA)).toMatchObject({ status: 503, body: { code: "DATABASE_DOWN" } });
    expect(await ask("/readyz")).toMatchObject({ status: 503, body: { missing: [{ what: "database" }] } });
    expect((await fetch(`${url}/`)).status).toBe(200);
    await expect.poll(database).toBe("down");

    await test.restart();
    const again = await post("/api/trpc/routes.create", { id: "found", spec: ROUTE }, { cookie });
    expect(again.status).toBe(200);
    expect((await ask("/readyz")).status).toBe(200);
    await stream.cut();
  });
});
