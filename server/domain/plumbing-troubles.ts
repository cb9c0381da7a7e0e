import { isOtherHistory } from "./publishing.ts";
import { gatewayTroubles } from "./gateway-troubles.ts";
import type { LivePicture } from "./live.ts";
import type { LinkStatus } from "./link-status.ts";
import { BEHIND_GRACE_MS, count, listed, sentence, soleTrouble, type Trouble, type TroubleFact } from "./trouble.ts";

/** A console that has just started is still connecting, ms. */
const CONNECTING_GRACE_MS = 3000;

const SYNC = { kind: "sync" } as const;
const GATEWAYS = { kind: "gateways" } as const;

/**
 * What is wrong with what carries traffic and policy. What only follows from a lost ZooKeeper or PostgreSQL is not told
 * beside it. `driftedKeys` are the objects whose nodes somebody else changed.
 */
export function plumbingTroubles(picture: LivePicture, driftedKeys: ReadonlySet<string>): Trouble[] {
  return [
    ...gatewayTroubles(picture, driftedKeys),
    ...linkTroubles(picture),
    ...publishingTroubles(picture),
    ...registryTroubles(picture),
    ...telemetryTroubles(picture),
  ];
}

function linkTroubles({ links: { zookeeper, database } }: LivePicture): Trouble[] {
  return [
    ...lost(
      "zookeeper",
      "ZooKeeper",
      zookeeper,
      40,
      "Edits are saved and wait; instances and gateways are as last seen. Gateways serve on.",
    ),
    ...lost(
      "database",
      "PostgreSQL",
      database,
      42,
      "Nothing can be edited, and nothing is recorded. Gateways serve on.",
    ),
  ];
}

function lost(id: string, name: string, link: LinkStatus, rank: number, consequence: string): Trouble[] {
  if (link.state === "up") return [];
  const trouble = soleTrouble(id, {
    severity: "bad",
    rank,
    title: link.state === "down" ? `${name} does not answer` : `${name} is being connected to`,
    why: `${consequence}${link.problem === "" ? "" : ` ${sentence(link.problem)}`}`,
    sinceMs: link.sinceMs,
    advice: `Bring ${name} back; the console connects again by itself.`,
    places: [SYNC],
  });
  return [{ ...trouble, graceMs: link.state === "connecting" ? CONNECTING_GRACE_MS : 0 }];
}

function publishingTroubles({ sync, links }: LivePicture): Trouble[] {
  const troubles: Trouble[] = [];
  // A lost ZooKeeper halts publishing, and is told itself.
  const canPublish = links.zookeeper.state === "up" && links.database.state === "up";
  const standsStill = sync.halt?.reason ?? sync.halted;
  const waiting = sync.savedRevision - (sync.publishedRevision ?? 0);
  const halted = (title: string, why: string, advice: string): TroubleFact => ({
    severity: "bad",
    rank: 41,
    title,
    why,
    sinceMs: null,
    advice,
    places: [SYNC],
  });
  if (canPublish && standsStill !== "")
    troubles.push(
      soleTrouble(
        "publishing",
        halted(
          "Publishing stands still",
          sentence(standsStill),
          isOtherHistory(sync.halt) ? "Choose which side is right, on Sync." : "Sync says what to do.",
        ),
      ),
    );
  else if (canPublish && sync.leader === null)
    troubles.push({
      ...soleTrouble(
        "publishing",
        halted(
          "Nobody publishes",
          "No console is elected to publish: edits are saved and wait.",
          "See that a console reaches ZooKeeper.",
        ),
      ),
      graceMs: BEHIND_GRACE_MS,
    });
  else if (canPublish && waiting > 0)
    troubles.push({
      ...soleTrouble("publishing", {
        ...halted(
          `${count(waiting, "revision")} saved and not published`,
          "What was edited is not in force yet.",
          "Sync shows how far each edit has come.",
        ),
        severity: "warn",
      }),
      graceMs: BEHIND_GRACE_MS,
    });
  if (canPublish && sync.blocked.length > 0)
    troubles.push(
      soleTrouble("blocked", {
        ...halted(
          `ZooKeeper does not let ${count(sync.blocked.length, "node")} be written`,
          `${sync.blocked[0]?.path ?? ""}: ${sentence(sync.blocked[0]?.problem ?? "")} These objects stay as they were.`,
          "Let the console write these nodes; docs/zookeeper.md says how.",
        ),
        rank: 43,
      }),
    );
  if (sync.openDrift > 0)
    troubles.push(
      soleTrouble("drift", {
        severity: "warn",
        rank: 44,
        title: `Somebody else changed ${count(sync.openDrift, "published node")}`,
        why: "What is in ZooKeeper there is not what was published, and waits for a person to decide.",
        sinceMs: null,
        advice: "Compare the sides, and restore, adopt or ignore what was found.",
        places: [{ kind: "drift" }],
      }),
    );
  return troubles;
}

function registryTroubles({ services, registryTruncated: { services: more, instances } }: LivePicture): Trouble[] {
  const troubles: Trouble[] = [];
  const unconfirmed = services
    .map(({ name, instances: own }) => ({
      name,
      gone: own.filter(({ presence }) => presence === "unconfirmed").length,
    }))
    .filter(({ gone }) => gone > 0);
  if (unconfirmed.length > 0) {
    const gone = unconfirmed.reduce((sum, service) => sum + service.gone, 0);
    troubles.push(
      soleTrouble("registry:unconfirmed", {
        severity: "warn",
        rank: 45,
        title: `${count(gone, "instance")} vanished from the registry at once`,
        why: `Of ${listed(unconfirmed.map(({ name }) => name))}. So many rarely stop together: they are called on until that is certain.`,
        sinceMs: null,
        advice: "See whether they run, and whether somebody cleared the registry.",
        places: [{ kind: "services" }],
      }),
    );
  }
  if (more > 0 || instances > 0)
    troubles.push(
      soleTrouble("registry:truncated", {
        severity: "note",
        rank: 50,
        title: "The registry holds more than is read",
        why: `${count(more, "service")} and ${count(instances, "instance")} beyond what is shown get no calls by Meshkeeper.`,
        sinceMs: null,
        advice: "Clear out what is not used.",
        places: [{ kind: "services" }],
      }),
    );
  return troubles;
}

function telemetryTroubles({ gateways }: LivePicture): Trouble[] {
  const holes = gateways.filter(({ lostWindows, dropped }) => lostWindows > 0 || dropped > 0);
  if (holes.length === 0) return [];
  const lostSeconds = holes.reduce((sum, { lostWindows }) => sum + lostWindows, 0);
  const dropped = holes.reduce((sum, gateway) => sum + gateway.dropped, 0);
  return [
    soleTrouble("telemetry", {
      severity: "note",
      rank: 51,
      title: "Some telemetry was lost",
      why: `Since the console started, ${count(lostSeconds, "second")} and ${count(dropped, "observation")} of ${listed(holes.map(({ id }) => id))} are missing from the figures.`,
      sinceMs: null,
      advice: "Figures of that time are too low; calls themselves were not hindered.",
      places: [GATEWAYS],
    }),
  ];
}
