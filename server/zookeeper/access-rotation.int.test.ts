import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { EMPTY_SNAPSHOT } from "#domain/snapshot.ts";
import { digestId, type AccessOptions, type Credentials } from "./access.ts";
import { keepAccessLists, type AccessListKeeper } from "./access-lists.ts";
import { keepAuditAnchor } from "./audit-anchor.ts";
import { standForElection } from "./election.ts";
import { isCode } from "./failure.ts";
import { acknowledge, announceGateway, registerForTurbine, watchGateways } from "./gateway-presence.ts";
import { keepFolders } from "./mesh-folders.ts";
import { paths } from "./paths.ts";
import type { Drift } from "./plan-publish.ts";
import { followPolicy } from "./policy-follower.ts";
import { publishPolicy, type Publisher } from "./policy-publisher.ts";
import { openZooKeeper, type ZooKeeper } from "./session.ts";
import { eventually, SESSION_MS, startTestZooKeeper, type TestZooKeeper } from "./test-harness.ts";
import { MemorySource } from "./test-policy.ts";

let server: TestZooKeeper;
beforeAll(async () => void (server = await startTestZooKeeper()), 60_000);
afterEach(() => server.release());
afterAll(() => server.close());

const OLD = { user: "console", password: "the console's old secret" };
const NEW = { user: "console", password: "the console's new secret" };
const GATEWAY = { user: "gateway", password: "the gateway's secret" };
const NEW_GATEWAY = { user: "gateway", password: "the gateway's new secret" };
const owner = (auth: Credentials, previousAuth?: Credentials, gateway = GATEWAY): AccessOptions => ({
  auth,
  previousAuth,
  peers: [digestId(gateway)],
  role: "owner",
});
const member = (console1: Credentials, auth = GATEWAY, previousAuth?: Credentials): AccessOptions => ({
  auth,
  previousAuth,
  peers: [digestId(console1)],
  role: "member",
});

interface Running {
  stop(): Promise<void>;
}

/** A mesh whose processes can be restarted with other settings one after another, while edits and intruders go on. */
class RestartedMesh {
  readonly source = new MemorySource();
  readonly drift: Drift[] = [];
  /** What any of our processes said of a refusal. */
  readonly refusals: string[] = [];
  readonly root = "/meshkeeper";
  readonly chroot: string;
  readonly keepers = new Map<string, AccessListKeeper>();
  readonly #publishers = new Map<string, Publisher>();
  readonly #running = new Map<string, Running>();
  readonly #applied = new Map<string, () => number>();
  readonly #log = pino(
    { level: "debug" },
    { write: (line: string) => void (/NO_AUTH|no permission/.test(line) && this.refusals.push(line)) },
  );

  constructor(chroot: string) {
    this.chroot = chroot;
    server.owns({ stop: () => this.stop() });
  }

  /** Ends the process of this name, if there is one, and starts it anew. */
  async console(id: string, access: AccessOptions): Promise<void> {
    await this.#running.get(id)?.stop();
    const zk = this.#connect(access);
    const { root } = this;
    const log = this.#log;
    const election = standForElection(zk, root, id, log);
    const publisher = publishPolicy(zk, {
      root,
      consoleId: id,
      election,
      source: this.source,
      log,
      onPublished: () => undefined,
      onDrift: (found) => Promise.resolve(void this.drift.push(found)),
    });
    const hash = "h";
    const chain = (): { sequence: number; hash: string } => ({ sequence: this.source.revision, hash });
    const alone = access.previousAuth === undefined ? null : this.#connect({ ...access, previousAuth: undefined });
    const registries = ["/hystrix-event"];
    const keeper = keepAccessLists(zk, { root, registries, election, alone, log, everyMs: 200 });
    const parts = [
      keepFolders(zk, root, log),
      election,
      publisher,
      keepAuditAnchor(zk, {
        root,
        election,
        log,
        everyMs: 100,
        entries: 1,
        source: { read: () => Promise.resolve({ incarnation: "db-1", supersedes: null, end: chain(), hash }) },
      }),
      keeper,
      watchGateways(zk, root, log),
    ];
    this.#publishers.set(id, publisher);
    this.keepers.set(id, keeper);
    this.#running.set(id, { stop: () => stopAll([zk, ...(alone === null ? [] : [alone]), ...parts]) });
    // Whoever is restarted one after another waits until each works.
    await eventually(`${id} knows who leads`, () => election.leader() !== null);
  }

  async gateway(id: string, access: AccessOptions): Promise<void> {
    await this.#running.get(id)?.stop();
    const zk = this.#connect(access);
    const follower = followPolicy(zk, { root: this.root, initial: EMPTY_SNAPSHOT, log: this.#log });
    const registration = { id, adminUrl: "http://h:1", edgeUrl: "http://h:2", version: "1", startedAtMs: 1 };
    const announced = announceGateway(zk, this.root, registration);
    const ack = acknowledge(zk, this.root, id);
    const turbine = registerForTurbine(zk, "shop", registration);
    follower.onSnapshot(({ revision, incarnation }) =>
      ack.update({ gatewayId: id, incarnation, revision, root: "", refused: [], appliedAtMs: 1 }),
    );
    this.#applied.set(id, () => follower.current().revision);
    this.#running.set(id, {
      async stop() {
        await Promise.all([announced.withdraw(), ack.withdraw(), turbine.withdraw()]);
        await stopAll([zk, follower]);
      },
    });
    await follower.ready;
  }

  /** An edit; resolves when every gateway has applied it. */
  async edit(): Promise<void> {
    const revision = this.source.saveRoute(`r${this.source.revision % 7}`, `/p${this.source.revision}`);
    for (const publisher of this.#publishers.values()) publisher.wake();
    await eventually(`revision ${revision} applied`, () =>
      [...this.#applied.values()].every((applied) => applied() >= revision),
    );
  }

  problems(): unknown[] {
    const blocked = [...this.#publishers.values()].flatMap((one) => [one.status().halt ?? [], one.status().blocked]);
    return [...blocked.flat(), ...this.drift, ...this.refusals];
  }

  async stop(): Promise<void> {
    for (const one of this.#running.values()) await one.stop();
    this.#running.clear();
  }

  #connect(access: AccessOptions): ZooKeeper {
    return openZooKeeper({
      servers: server.address + this.chroot,
      sessionTimeoutMs: SESSION_MS,
      ...access,
      log: this.#log,
    });
  }
}

async function stopAll(parts: readonly Running[]): Promise<void> {
  for (const part of parts.toReversed()) await part.stop();
}

/** Tries without end to change the mesh in every way, and counts. */
function intrude(
  { root, chroot }: RestartedMesh,
  access: AccessOptions,
): { done(): Promise<{ tried: number; wrote: number }> } {
  const zk = server.connect({ ...access, chroot });
  const data = Buffer.from("mine");
  const attempts = [
    () => zk.write(paths.head(root), data, -1),
    () => zk.remove(paths.head(root), -1),
    () => zk.create(`${paths.kind(root, "routes")}/mine`, data),
    () => zk.create(`${paths.election(root)}/mine-0000000000`, data),
    () => zk.create(`${paths.acknowledgements(root)}/mine`, data),
    () => zk.multi([{ kind: "create", path: `${root}/mine`, data }]),
    ...(access.auth === undefined ? [] : [() => zk.secure(paths.head(root), "private"), () => zk.secure(root, "own")]),
  ];
  let isOn = true;
  let tried = 0;
  let wrote = 0;
  const trying = (async () => {
    while (isOn)
      for (const attempt of attempts) {
        tried += 1;
        await attempt().then(
          () => (wrote += 1),
          (error: unknown) => {
            // A test that failed has ended it.
            if (isCode(error, "STOPPED")) isOn = false;
            else if (!isCode(error, "NO_AUTH", "NO_NODE")) throw error;
          },
        );
      }
  })();
  return {
    async done() {
      isOn = false;
      await trying;
      return { tried, wrote };
    },
  };
}

async function allRight(mesh: RestartedMesh): Promise<void> {
  await eventually("every list is right", () => {
    const left = [...mesh.keepers.values()].map((keeper) => keeper.current()?.leftPaths ?? ["not looked at"]).flat();
    if (left.length > 0) throw new Error(`left: ${left.join(" ")}`);
    return true;
  });
}

/** Edits without a pause while the steps are taken, and once more after each. */
async function editDuring(mesh: RestartedMesh, steps: readonly (() => Promise<unknown>)[]): Promise<void> {
  let isOver = false;
  const edits = (async () => {
    do await mesh.edit();
    while (!isOver);
  })();
  try {
    for (const step of steps) {
      await step();
      await mesh.edit();
    }
  } finally {
    isOver = true;
  }
  await edits;
}

describe("a credential that is changed while the mesh runs", () => {
  it("of the consoles: nobody else can write at any moment, every edit is published, and nobody is locked out", async () => {
    const mesh = new RestartedMesh("/rotated");
    await mesh.console("c1", owner(OLD));
    await mesh.console("c2", owner(OLD));
    await mesh.gateway("g1", member(OLD));
    await mesh.edit();
    const intruders = [intrude(mesh, {}), intrude(mesh, { auth: { user: "console", password: "a guess" } })];

    await editDuring(mesh, [
      () => mesh.console("c1", owner(NEW, OLD)),
      () => mesh.console("c2", owner(NEW, OLD)),
      () =>
        eventually("it is said that the gateway has to follow", () =>
          mesh.keepers
            .get("c1")
            ?.current()
            ?.leftPaths.includes(`${paths.gateways(mesh.root)}/g1`),
        ),
      () => mesh.gateway("g1", member(NEW)),
      () => allRight(mesh),
      async () => expect(mesh.keepers.get("c1")?.current()).toMatchObject({ isRotating: true, left: 0 }),
      () => mesh.console("c1", owner(NEW)),
      () => mesh.console("c2", owner(NEW)),
      () => allRight(mesh),
    ]);

    for (const intruder of intruders) {
      const { tried, wrote } = await intruder.done();
      expect(tried).toBeGreaterThan(0);
      expect(wrote).toBe(0);
    }
    expect(mesh.problems()).toEqual([]);
    // What was good before is as good as a guess now.
    const former = server.connect({ ...owner(OLD), chroot: mesh.chroot });
    for (const path of [
      mesh.root,
      paths.head(mesh.root),
      paths.auditAnchor(mesh.root),
      `${mesh.root}/policy/routes/r0`,
    ])
      await expect(former.secure(path, "private")).rejects.toMatchObject({ code: "NO_AUTH" });
    for (const path of ["/", "/hystrix-event", "/hystrix-event/shop"])
      await expect(former.secure(path, "public")).rejects.toMatchObject({ code: "NO_AUTH" });
  }, 90_000);

  it("of the gateways: the same, and a gateway with the former password can do nothing in the end", async () => {
    const mesh = new RestartedMesh("/rotated-gateways");
    await mesh.console("c1", owner(OLD));
    await mesh.console("c2", owner(OLD));
    await mesh.gateway("g1", member(OLD));
    await mesh.edit();
    const intruder = intrude(mesh, {});

    await editDuring(mesh, [
      () => mesh.gateway("g1", member(OLD, NEW_GATEWAY, GATEWAY)),
      () => mesh.console("c1", owner(OLD, undefined, NEW_GATEWAY)),
      () => mesh.console("c2", owner(OLD, undefined, NEW_GATEWAY)),
      () => allRight(mesh),
      () => mesh.gateway("g1", member(OLD, NEW_GATEWAY)),
    ]);

    expect((await intruder.done()).wrote).toBe(0);
    expect(mesh.problems()).toEqual([]);
    const former = server.connect({ ...member(OLD), chroot: mesh.chroot });
    await expect(former.read(paths.head(mesh.root))).rejects.toMatchObject({ code: "NO_AUTH" });
    await expect(former.create(`${paths.gateways(mesh.root)}/g2`, Buffer.from("x"))).rejects.toMatchObject({
      code: "NO_AUTH",
    });
  }, 90_000);
});
