import { gatewayProgress } from "./gateway-progress.ts";
import { silentSinceMs } from "./gateway-silence.ts";
import type { GatewayStatus, LivePicture } from "./live.ts";
import { splitRefusals } from "./refusals.ts";
import {
  BEHIND_GRACE_MS,
  count,
  listed,
  sentence,
  soleTrouble,
  troubleOf,
  type Trouble,
  type TroubleFact,
} from "./trouble.ts";

const SYNC = { kind: "sync" } as const;
const GATEWAYS = { kind: "gateways" } as const;

/** What is wrong with gateways, all of it about one in one. `driftedKeys` are the objects whose nodes somebody else changed. */
export function gatewayTroubles(picture: LivePicture, driftedKeys: ReadonlySet<string>): Trouble[] {
  const { gateways, atMs } = picture;
  const zooKeeperUp = picture.links.zookeeper.state === "up";
  const registered = gateways.filter(({ registration }) => registration !== null);
  if (registered.length === 0 && zooKeeperUp) return [noGateway(gateways)];
  const silent = gateways.filter((gateway) => silentSinceMs(gateway, atMs) !== null);
  const all = gateways.length > 1 && silent.length === gateways.length;
  const each = gateways.flatMap((gateway) => {
    const facts = [
      ...(all ? [] : silenceFacts(gateway, atMs)),
      ...(zooKeeperUp ? absenceFacts(gateway) : []),
      ...(zooKeeperUp ? policyFacts(gateway, picture, driftedKeys) : []),
    ];
    return (
      troubleOf(`gateway:${gateway.id}`, facts, null, facts.every(({ rank }) => rank === 33) ? BEHIND_GRACE_MS : 0) ??
      []
    );
  });
  return all ? [allSilent(silent, atMs), ...each] : each;
}

function noGateway(gateways: readonly GatewayStatus[]): Trouble {
  return soleTrouble("gateways", {
    severity: "bad",
    rank: 0,
    title: "No gateway is registered",
    why:
      gateways.length === 0
        ? "Nothing is known to carry the mesh's traffic."
        : `${listed(gateways.map(({ id }) => id))} left the registry; whether they still serve is not known.`,
    sinceMs: null,
    advice: "Start a gateway that is pointed at the same ZooKeeper.",
    places: [GATEWAYS],
  });
}

function allSilent(silent: readonly GatewayStatus[], atMs: number): Trouble {
  const since = silent.map((gateway) => silentSinceMs(gateway, atMs) ?? atMs);
  return soleTrouble("gateways", {
    severity: "bad",
    rank: 0,
    title: `None of ${silent.length} gateways tells anything`,
    why: "All figures of traffic are as last seen: what happens now is not known.",
    sinceMs: Math.max(...since),
    advice: "See whether the gateways run, and whether the console reaches their admin listeners.",
    places: [GATEWAYS],
  });
}

function silenceFacts(gateway: GatewayStatus, atMs: number): TroubleFact[] {
  const sinceMs = silentSinceMs(gateway, atMs);
  if (sinceMs === null) return [];
  const { problem } = gateway.stream;
  return [
    {
      severity: "bad",
      rank: 30,
      title: `${gateway.id} is silent`,
      why: `Its traffic is missing from every figure.${problem === "" ? "" : ` ${sentence(problem)}`}`,
      sinceMs,
      advice: "See whether it runs, and whether the console reaches its admin listener.",
      places: [GATEWAYS],
    },
  ];
}

function absenceFacts(gateway: GatewayStatus): TroubleFact[] {
  if (gateway.registration !== null) return [];
  return [
    {
      severity: "warn",
      rank: 32,
      title: `${gateway.id} has left the registry`,
      why: "It was stopped, or has lost ZooKeeper: it gets no new policy.",
      sinceMs: null,
      advice: "Start it again unless it was taken out on purpose.",
      places: [GATEWAYS],
    },
  ];
}

function policyFacts(gateway: GatewayStatus, { sync }: LivePicture, driftedKeys: ReadonlySet<string>): TroubleFact[] {
  const { id, isLive, isForeign, revision, refused } = gatewayProgress(gateway, sync);
  if (!isLive) return [];
  const fact = (rank: number, title: string, why: string, advice: string): TroubleFact => ({
    severity: rank === 31 ? "bad" : "warn",
    rank,
    title,
    why,
    sinceMs: null,
    advice,
    places: [SYNC, GATEWAYS],
  });
  const facts: TroubleFact[] = [];
  const [first, ...more] = splitRefusals(refused, driftedKeys).published;
  if (first !== undefined)
    facts.push(
      fact(
        31,
        `${id} refuses ${count(1 + more.length, "document")} of what is published`,
        `${first.key}: ${sentence(first.reason)} It keeps what it had before.`,
        first.key === "head" ? "See what Sync says of publishing." : "Correct the object and save it again.",
      ),
    );
  if (isForeign)
    facts.push(
      fact(
        32,
        `${id} serves another database's policy`,
        "What it applied was not saved here.",
        "See whether it is pointed at the right ZooKeeper.",
      ),
    );
  else if (sync.halt === null && (revision === null || revision < (sync.publishedRevision ?? 0)))
    facts.push(
      fact(
        33,
        revision === null
          ? `${id} has not said what it has applied`
          : `${id} is ${count((sync.publishedRevision ?? 0) - revision, "revision")} behind`,
        `Revision ${sync.publishedRevision ?? 0} is published; it serves ${revision === null ? "what it had" : `revision ${revision}`}.`,
        "See whether it reaches ZooKeeper.",
      ),
    );
  return facts;
}
