import type { LivePicture } from "#domain/live.ts";
import { counted } from "./counted.ts";
import { gatewayProgress, type GatewayProgress } from "#domain/gateway-progress.ts";
import { splitRefusals } from "#domain/refusals.ts";

/** One thing there is to say of publishing. */
export interface Remark {
  readonly tone: "good" | "warn" | "bad";
  readonly text: string;
}

/**
 * Whether what is saved is what gateways do; what stands most in the way comes first. Never empty.
 * `driftedKeys` are the objects whose nodes somebody else changed, ignored ones included.
 */
export function syncVerdict(picture: LivePicture, driftedKeys: ReadonlySet<string>): readonly [Remark, ...Remark[]] {
  const { sync } = picture;
  const gateways = picture.gateways.map((gateway) => gatewayProgress(gateway, sync)).filter(({ isLive }) => isLive);
  const [first, ...more] = worstFirst([
    ...publishingRemarks(picture),
    ...refusedRemarks(gateways, driftedKeys),
    ...behindRemarks(gateways, sync.publishedRevision ?? 0),
    ...driftRemarks(sync.openDrift, driftedKeys.size),
  ]);
  if (first !== undefined) return [first, ...more];
  if (gateways.length === 0) return [{ tone: "warn", text: "Everything saved is published, and no gateway is there" }];
  const where = gateways.length === 1 ? `on ${gateways[0]?.id ?? ""}` : `on all ${gateways.length.toString()} gateways`;
  return [{ tone: "good", text: `Everything saved is applied ${where}` }];
}

/** Equally bad ones stay in their order. */
function worstFirst(remarks: readonly Remark[]): readonly Remark[] {
  return [...remarks.filter(({ tone }) => tone === "bad"), ...remarks.filter(({ tone }) => tone !== "bad")];
}

function publishingRemarks({ sync, links }: LivePicture): Remark[] {
  const remarks: Remark[] = [];
  const standsStill = sync.halt?.reason ?? sync.halted;
  if (links.database.state !== "up")
    remarks.push({ tone: "bad", text: "PostgreSQL is away: nothing can be saved, and nothing new is published" });
  if (links.zookeeper.state !== "up")
    remarks.push({ tone: "bad", text: "ZooKeeper is away: edits are saved, and published when it returns" });
  else if (standsStill !== "") remarks.push({ tone: "bad", text: `Publishing stands still: ${standsStill}` });
  else if (sync.leader === null) remarks.push({ tone: "bad", text: "Nobody publishes: no console is elected" });
  const waiting = sync.savedRevision - (sync.publishedRevision ?? 0);
  // A foreign head's revision counts another database's edits.
  if (links.zookeeper.state === "up" && sync.halt === null && waiting > 0)
    remarks.push({
      tone: "warn",
      text: `${counted(waiting, "revision is", "revisions are")} saved and not published yet`,
    });
  if (sync.blocked.length > 0)
    remarks.push({
      tone: "bad",
      text: `ZooKeeper does not let ${counted(sync.blocked.length, "node", "nodes")} be written`,
    });
  return remarks;
}

function refusedRemarks(gateways: readonly GatewayProgress[], driftedKeys: ReadonlySet<string>): Remark[] {
  const refusals = gateways.map(({ id, refused }) => ({
    id,
    published: splitRefusals(refused, driftedKeys).published,
  }));
  const keys = new Set(refusals.flatMap(({ published }) => published.map(({ key }) => key)));
  if (keys.size === 0) return [];
  const by = refusals.filter(({ published }) => published.length > 0).map(({ id }) => id);
  const whom = by.length <= 3 ? by.join(", ") : `${by.length.toString()} gateways`;
  return [{ tone: "bad", text: `${counted(keys.size, "document is", "documents are")} refused by ${whom}` }];
}

/** Gateways are compared with what is published: more they cannot have. */
function behindRemarks(gateways: readonly GatewayProgress[], published: number): Remark[] {
  const foreign = gateways.filter(({ isForeign }) => isForeign);
  const late = gateways
    .filter(({ isForeign }) => !isForeign)
    .map(({ id, revision }) => ({ id, by: revision === null ? null : published - revision }))
    .filter(({ by }) => by === null || by > 0);
  const remarks: Remark[] = [];
  if (foreign.length > 0)
    remarks.push({
      tone: "warn",
      text: `${foreign.map(({ id }) => id).join(", ")} ${foreign.length === 1 ? "serves" : "serve"} another database's policy`,
    });
  const [one] = late;
  if (late.length === 1 && one !== undefined)
    remarks.push({
      tone: "warn",
      text:
        one.by === null
          ? `${one.id} has not said what it has applied`
          : `${one.id} is ${counted(one.by, "revision", "revisions")} behind what is published`,
    });
  if (late.length > 1) remarks.push({ tone: "warn", text: `${late.length.toString()} gateways are behind` });
  return remarks;
}

function driftRemarks(open: number, standing: number): Remark[] {
  const nodes = (count: number): string =>
    `${counted(count, "node was", "nodes were")} changed in ZooKeeper by somebody else`;
  const remarks: Remark[] = [];
  if (open > 0) remarks.push({ tone: "warn", text: `${nodes(open)}, and left for a person to decide` });
  if (standing > open) remarks.push({ tone: "warn", text: `${nodes(standing - open)}, and left as found` });
  return remarks;
}
