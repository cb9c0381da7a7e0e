import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { readAuditAfter } from "#db/audit-repository.ts";
import { canonicalJson } from "#domain/canonical-json.ts";
import { policyKey } from "#domain/policy.ts";
import { stateFiles } from "#gateway/last-good.ts";
import { paths } from "#zookeeper/paths.ts";
import { eventually } from "#zookeeper/test-harness.ts";
import type { GatewayConfig } from "./gateway-child.ts";
import { PATIENCE_MS, ROOT, type Lane } from "./lane.ts";
import type { Setting } from "./setting.ts";

const AT_ONCE = 2;
const GATEWAY_ID = "gateway-1";
const NODE = `${paths.acknowledgements(ROOT)}/${GATEWAY_ID}`;
/** What may happen to a file while nobody looks. */
const DAMAGES = ["cut short", "a bit turned", "a block of zeros", "other bytes", "empty"] as const;
const BLOCK = 512;
const AUDIT_PAGE = 500;

export const GATEWAY_TROUBLES: readonly ((setting: Setting) => Promise<void>)[] = [
  standStill,
  ...DAMAGES.map((damage) => (setting: Setting) => damageLog(setting, damage)),
];

/** The gateway stands still until its session is over, while edits are published, and goes on. */
async function standStill({ lane, leader }: Setting): Promise<void> {
  lane.gateway.kill("SIGSTOP");
  const edits = lane.editor.edits(() => leader, AT_ONCE);
  try {
    await sessionIsOver(lane);
  } finally {
    lane.gateway.kill("SIGCONT");
  }
  await edits.stop();
  await lane.check("the gateway stood still longer than its session", [leader]);
  await eventually("it acknowledges again", async () => (await lane.zk.read(NODE)) !== null, PATIENCE_MS);
}

async function sessionIsOver({ zk }: Lane): Promise<void> {
  await eventually("the gateway's session is over", async () => (await zk.read(NODE)) === null, PATIENCE_MS);
}

/** Its policy is damaged on disk, and it starts without ZooKeeper: nothing is in force that was never saved. */
async function damageLog({ lane, leader }: Setting, damage: (typeof DAMAGES)[number]): Promise<void> {
  await lane.editor.burst(leader, AT_ONCE);
  await lane.check("edits", [leader]);
  lane.gateway.kill("SIGKILL");
  await lane.gateway.exited();
  await sessionIsOver(lane);
  lane.gatewayLostItsDisk();
  spoil(stateFiles(lane.gateway.dataDir, GATEWAY_ID).shared?.policy ?? "", damage, lane);
  const saved = await everSaved(lane);
  await lane.server.freeze();
  try {
    await lane.gateway.start();
    for (const document of documentsOf(await lane.gateway.config()))
      if (!saved.has(document)) lane.failures.push(`${damage}: the gateway serves by ${document}, which nobody saved`);
  } finally {
    lane.server.thaw();
  }
  await lane.editor.burst(leader, AT_ONCE);
  await lane.check(`the gateway's policy on disk: ${damage}`, [leader]);
}

function spoil(path: string, damage: (typeof DAMAGES)[number], { random }: Lane): void {
  const bytes = readFileSync(path);
  const at = random.below(bytes.length);
  if (damage === "cut short") return truncateSync(path, at);
  if (damage === "empty") return truncateSync(path, 0);
  if (damage === "a bit turned") bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << random.below(8)), at);
  if (damage === "a block of zeros") bytes.fill(0, at, Math.min(at + BLOCK, bytes.length));
  if (damage === "other bytes")
    for (let index = at; index < at + BLOCK && index < bytes.length; index += 1)
      bytes.writeUInt8(random.below(256), index);
  writeFileSync(path, bytes);
}

/** Every document that ever stood in the database. */
async function everSaved({ database }: Lane): Promise<ReadonlySet<string>> {
  const saved = new Set<string>();
  for (let from = 0; ;) {
    const page = await database.database.read((db) => readAuditAfter(db, from, AUDIT_PAGE));
    for (const { target, revision, after, sequence } of page) {
      if (after !== null) saved.add(canonicalJson([target, revision, after]));
      from = sequence;
    }
    if (page.length < AUDIT_PAGE) return saved;
  }
}

function documentsOf(config: GatewayConfig): readonly string[] {
  return [
    ["routes", config.routes] as const,
    ["breakers", config.breakers] as const,
    ["overrides", config.overrides] as const,
    ["services", config.servicePolicies] as const,
  ].flatMap(([kind, published]) =>
    published.map(({ id, revision, spec }) => canonicalJson([policyKey(kind, id), revision, spec])),
  );
}
