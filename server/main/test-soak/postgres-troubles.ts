import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { eventually, startTestZooKeeper } from "#zookeeper/test-harness.ts";
import { Lane, PATIENCE_MS } from "./lane.ts";
import { begin, type Setting } from "./setting.ts";
import { startSlowNetwork, type SlowNetwork } from "./slow-network.ts";

/** A console that reaches PostgreSQL by a network of its own. */
export interface DatabaseSetting extends Setting {
  readonly network: SlowNetwork;
}

/** So few connections that they can be taken: a console's pool has 10, the check's too. */
const CONNECTIONS = 30;
/** More than the objects that have to be looked up first, which cannot be while PostgreSQL is in trouble. */
const AT_ONCE = 4;
/** Edits wait 4 s for a lock: half of the time a lock is held for longer. */
const LONGEST_LOCK_MS = 8000;
/** An edit takes some ten answers and 6 s at most. */
const DELAYS_MS = [100, 2000] as const;

export async function openDatabaseSetting(seed: number): Promise<DatabaseSetting> {
  const lane = await Lane.open({ seed, server: await startTestZooKeeper() });
  await ask(lane, `ALTER SYSTEM SET max_connections = ${CONNECTIONS}`);
  await lane.database.kill();
  await lane.database.restart();
  const network = await startSlowNetwork(lane.database.url);
  return { ...(await begin(lane, network.url)), network };
}

export async function closeDatabaseSetting({ lane, network }: DatabaseSetting): Promise<void> {
  await lane.close();
  await network.stop();
}

export const POSTGRES_TROUBLES: readonly ((setting: DatabaseSetting) => Promise<void>)[] = [
  takeConnections,
  holdLock,
  slowDown,
  becomeReadOnly,
  loseAnswers,
];

/** Somebody has every connection, and the console's are cut: it gets none. */
async function takeConnections({ lane, leader, network }: DatabaseSetting): Promise<void> {
  const edits = lane.editor.edits(() => leader, AT_ONCE);
  const taken = await takeAll(lane);
  network.cut();
  taken.push(...(await takeAll(lane)));
  await eventually("an edit that finds no connection", () => lane.editor.unanswered > 0, PATIENCE_MS);
  for (const client of taken) await client.end();
  await edits.stop();
  await lane.check("every connection of PostgreSQL was taken", [leader]);
}

/** Somebody holds the row that every edit locks. */
async function holdLock({ lane, leader }: DatabaseSetting): Promise<void> {
  const holdsMs = lane.random.below(LONGEST_LOCK_MS);
  const holder = await connected(lane);
  await holder.query("BEGIN");
  await holder.query("SELECT * FROM mesh FOR UPDATE");
  const edits = lane.editor.edits(() => leader, AT_ONCE);
  await sleep(holdsMs);
  await holder.query("COMMIT");
  await holder.end();
  await edits.stop();
  await lane.check(`somebody held the mesh row for ${holdsMs} ms`, [leader]);
}

/** Every answer takes its time: edits do too, or run into their deadline. */
async function slowDown({ lane, leader, network }: DatabaseSetting): Promise<void> {
  const delayMs = lane.random.pick(DELAYS_MS) ?? 100;
  network.delay(delayMs);
  await lane.editor.burst(leader, AT_ONCE);
  network.delay(0);
  await lane.check(`PostgreSQL answered ${delayMs} ms later`, [leader]);
}

/** As a replica does to whom a failover left the console, or a primary that is kept from writing. */
async function becomeReadOnly({ lane, leader }: DatabaseSetting): Promise<void> {
  await ask(lane, "ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()");
  const edits = lane.editor.edits(() => leader, AT_ONCE);
  await eventually("an edit that cannot be written", () => lane.editor.unanswered > 0, PATIENCE_MS);
  await ask(lane, "ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()");
  await edits.stop();
  await lane.check("PostgreSQL was read-only", [leader]);
}

/** What it is asked it does, and its answers are lost, that to COMMIT too. */
async function loseAnswers({ lane, leader, network }: DatabaseSetting): Promise<void> {
  const edits = lane.editor.edits(() => leader, AT_ONCE);
  await sleep(lane.random.below(200));
  network.swallow(true);
  await sleep(lane.random.below(1000));
  if (lane.random.below(2) === 0) network.cut();
  await eventually("an edit without an answer", () => lane.editor.unanswered > 0, PATIENCE_MS);
  network.swallow(false);
  network.cut();
  await edits.stop();
  await lane.check("PostgreSQL's answers were lost", [leader]);
}

/** Opens connections until there are no more. */
async function takeAll(lane: Lane): Promise<Client[]> {
  const taken: Client[] = [];
  for (;;) {
    try {
      taken.push(await connected(lane));
    } catch {
      return taken;
    }
  }
}

async function connected({ database }: Lane): Promise<Client> {
  const client = new Client({ connectionString: database.url });
  // Without a listener its end would be the end of this process.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

async function ask(lane: Lane, ...statements: readonly string[]): Promise<void> {
  const client = await connected(lane);
  for (const statement of statements) await client.query(statement);
  await client.end();
}
