import type { LivePicture } from "#domain/live.ts";
import { behindSinceMs, firstEditAfter, type TimedEdit } from "../delivery/first-missing.ts";
import { someNames } from "../format/names.ts";
import { firstSentence } from "../format/sentences.ts";
import { counted } from "./counted.ts";
import { gatewayProgress, type GatewayProgress } from "#domain/gateway-progress.ts";
import { splitRefusals } from "#domain/refusals.ts";

/** One thing there is to say of publishing. */
export interface Remark {
  readonly tone: "good" | "warn" | "bad";
  readonly text: string;
  /** Since when, Unix epoch ms; null when that is not known, or it is no state that lasts. */
  readonly sinceMs: number | null;
  /** What to do about it, for people; empty when it passes by itself. */
  readonly advice: string;
}

/**
 * Whether what is saved is what gateways do; what stands most in the way comes first. Never empty.
 * `driftedKeys` are the objects whose nodes somebody else changed, ignored ones included; `edits` the latest ones.
 */
export function syncVerdict(
  picture: LivePicture,
  driftedKeys: ReadonlySet<string>,
  edits: readonly TimedEdit[],
): readonly [Remark, ...Remark[]] {
  const { sync } = picture;
  const gateways = picture.gateways.map((gateway) => gatewayProgress(gateway, sync)).filter(({ isLive }) => isLive);
  const [first, ...more] = worstFirst([
    ...publishingRemarks(picture, edits),
    ...refusedRemarks(gateways, driftedKeys),
    ...behindRemarks(gateways, picture, edits),
    ...driftRemarks(sync.openDrift, sync.ignoredDrift),
  ]);
  if (first !== undefined) return [first, ...more];
  if (gateways.length === 0)
    return [
      {
        tone: "warn",
        text: "Everything saved is published, and no gateway is there",
        sinceMs: null,
        advice: "Start one with npm run gateway, pointed at the same ZooKeeper.",
      },
    ];
  const where = gateways.length === 1 ? `on ${gateways[0]?.id ?? ""}` : `on all ${gateways.length.toString()} gateways`;
  return [{ tone: "good", text: `Everything saved is applied ${where}`, sinceMs: null, advice: "" }];
}

/** Equally bad ones stay in their order. */
function worstFirst(remarks: readonly Remark[]): readonly Remark[] {
  return [...remarks.filter(({ tone }) => tone === "bad"), ...remarks.filter(({ tone }) => tone !== "bad")];
}

/** An edit is on its way for a moment after each save; only what lasts for longer is for a person, ms. */
const PATIENCE_MS = 10_000;

function publishingRemarks({ sync, links, atMs }: LivePicture, edits: readonly TimedEdit[]): Remark[] {
  const remarks: Remark[] = [];
  const standsStill = sync.halt?.reason ?? sync.halted;
  if (links.database.state !== "up")
    remarks.push({
      tone: "bad",
      text: "PostgreSQL is away: nothing can be saved, and nothing new is published",
      sinceMs: links.database.sinceMs,
      advice:
        "Gateways serve on by what they have. Start PostgreSQL, or see whether this console reaches it; it connects again by itself.",
    });
  if (links.zookeeper.state !== "up")
    remarks.push({
      tone: "bad",
      text: "ZooKeeper is away: edits are saved, and published when it returns",
      sinceMs: links.zookeeper.sinceMs,
      advice:
        "Gateways serve on by what they have. Start ZooKeeper, or see whether this console reaches it; it connects again by itself.",
    });
  else if (standsStill !== "") remarks.push(standstillRemark(standsStill));
  else if (sync.leader === null)
    remarks.push({
      tone: "bad",
      text: "Nobody publishes: no console is elected",
      sinceMs: null,
      advice:
        "A console that reaches ZooKeeper is elected within its session’s time. If none is, see the consoles’ logs.",
    });
  const waiting = sync.savedRevision - (sync.publishedRevision ?? 0);
  // A foreign head's revision counts another database's edits.
  if (links.zookeeper.state === "up" && sync.halt === null && waiting > 0) {
    const sinceMs = firstEditAfter(sync.publishedRevision ?? 0, edits)?.savedAtMs ?? null;
    remarks.push({
      tone: "warn",
      text: `${counted(waiting, "revision is", "revisions are")} saved and not published yet`,
      sinceMs,
      advice: lasts(sinceMs, atMs)
        ? `It is tried again and again; the log of ${sync.leader ?? "the consoles"} says why.`
        : "",
    });
  }
  if (sync.blocked.length > 0)
    remarks.push({
      tone: "bad",
      text: `ZooKeeper does not let ${counted(sync.blocked.length, "node", "nodes")} be written`,
      sinceMs: null,
      advice: "All others are published. Blocked nodes, below, says what helps.",
    });
  return remarks;
}

/** Its reason may be of many sentences; a heading is of one. */
function standstillRemark(reason: string): Remark {
  const { first, rest } = firstSentence(reason);
  return {
    tone: "bad",
    text: `Publishing stands still: ${first.replace(/[.]$/, "")}`,
    sinceMs: null,
    advice: `${rest} Gateways serve on by what they have. What can be done stands below.`.trim(),
  };
}

function lasts(sinceMs: number | null, nowMs: number): boolean {
  return sinceMs !== null && nowMs - sinceMs > PATIENCE_MS;
}

function refusedRemarks(gateways: readonly GatewayProgress[], driftedKeys: ReadonlySet<string>): Remark[] {
  const refusals = gateways.map(({ id, refused }) => ({
    id,
    published: splitRefusals(refused, driftedKeys).published,
  }));
  const keys = new Set(refusals.flatMap(({ published }) => published.map(({ key }) => key)));
  if (keys.size === 0) return [];
  const by = refusals.filter(({ published }) => published.length > 0).map(({ id }) => id);
  return [
    {
      tone: "bad",
      text: `${counted(keys.size, "document is", "documents are")} refused by ${someNames(by)}`,
      sinceMs: null,
      advice:
        "They go on with the value they had before. The reasons, below, say what to change; a gateway of an older version is upgraded.",
    },
  ];
}

/** Gateways are compared with what is published: more they cannot have. */
function behindRemarks(
  gateways: readonly GatewayProgress[],
  { sync, atMs }: LivePicture,
  edits: readonly TimedEdit[],
): Remark[] {
  const published = sync.publishedRevision ?? 0;
  const foreign = gateways.filter(({ isForeign }) => isForeign).map(({ id }) => id);
  const late = gateways.filter(({ isForeign, revision }) => !isForeign && (revision === null || revision < published));
  const remarks: Remark[] = [];
  if (foreign.length > 0)
    remarks.push({
      tone: "warn",
      text: `${someNames(foreign)} ${foreign.length === 1 ? "serves" : "serve"} another database's policy`,
      sinceMs: null,
      advice: "A gateway takes this database’s policy over once it is published where that gateway reads it.",
    });
  if (late.length === 0) return remarks;
  const times = late.map(({ revision }) => behindSinceMs(revision, edits)).filter((one) => one !== null);
  const sinceMs = times.length < late.length ? null : Math.min(...times);
  // Behind by more than the edits at hand; where these do not reach up to what is published, they are about to be read.
  const isLasting = sinceMs === null ? edits.some(({ revision }) => revision === published) : lasts(sinceMs, atMs);
  remarks.push({
    tone: "warn",
    text: lateInWords(late, published),
    sinceMs,
    advice: isLasting
      ? "They serve on by what they have, and catch up by themselves once they reach ZooKeeper: see that they run, and what their logs say."
      : "",
  });
  return remarks;
}

function lateInWords(late: readonly GatewayProgress[], published: number): string {
  const [one] = late;
  if (late.length > 1 || one === undefined)
    return `${someNames(late.map(({ id }) => id))} are behind what is published`;
  return one.revision === null
    ? `${one.id} has not said what it has applied`
    : `${one.id} is ${counted(published - one.revision, "revision", "revisions")} behind what is published`;
}

function driftRemarks(open: number, ignored: number): Remark[] {
  const nodes = (count: number): string =>
    `${counted(count, "node was", "nodes were")} changed in ZooKeeper by somebody else`;
  const remarks: Remark[] = [];
  if (open > 0)
    remarks.push({
      tone: "warn",
      text: `${nodes(open)}, and left for a person to decide`,
      sinceMs: null,
      advice: "Gateways keep to what was published. Compare and decide under Changed by others.",
    });
  if (ignored > 0)
    remarks.push({ tone: "warn", text: `${nodes(ignored)}, and left as found`, sinceMs: null, advice: "" });
  return remarks;
}
