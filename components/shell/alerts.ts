import { silentSinceMs } from "#domain/gateway-silence.ts";
import { isOtherHistory } from "#domain/publishing.ts";
import type { LivePicture } from "#domain/live.ts";
import type { Freshness } from "../live/freshness.ts";
import { plainText } from "../diff/plain-text.ts";
import { someNames } from "../format/names.ts";
import { firstSentence } from "../format/sentences.ts";
import { formatClock, formatSpan } from "../format/time.ts";
import { links } from "../links.ts";

/** Something every page must say at its top while it lasts. */
export interface ShellAlert {
  readonly id: string;
  readonly tone: "warn" | "bad";
  readonly text: string;
  /** How long it has lasted. Apart from `text`, because it changes every second and must not be read out again each time. */
  readonly age?: string;
  /** What follows from it, after the age. */
  readonly rest?: string;
  /** Where something can be done about it. */
  readonly action?: { readonly href: string; readonly label: string };
}

function freshnessAlert(freshness: Freshness, hasPicture: boolean): ShellAlert[] {
  if (freshness.kind !== "silent") return [];
  return [
    {
      id: "silent",
      tone: "bad",
      text: `No live data since ${formatClock(freshness.sinceMs)}`,
      age: ` (${formatSpan(freshness.silentMs)})`,
      rest: hasPicture ? ". Showing the last picture." : ". Nothing has arrived on this page yet.",
    },
  ];
}

function linkAlerts(picture: LivePicture): ShellAlert[] {
  const { database, zookeeper } = picture.links;
  const alerts: ShellAlert[] = [];
  const say = (link: typeof database, id: string, name: string, consequence: string): void => {
    if (link.state === "up") return;
    const verb = link.state === "connecting" ? "is being connected to" : "does not answer";
    const problem = link.problem === "" ? "" : ` ${link.problem.replace(/[.]?$/, ".")}`;
    alerts.push({
      id,
      tone: "bad",
      text: `${name} ${verb}, since ${formatClock(link.sinceMs)}.${problem} ${consequence}`,
    });
  };
  say(database, "database", "PostgreSQL", "Edits cannot be saved. Gateways keep serving what they have.");
  say(
    zookeeper,
    "zookeeper",
    "ZooKeeper",
    "Edits are saved and will be published when it returns. The instances shown are the last known.",
  );
  return alerts;
}

/** More silent gateways than this are one alert: alerts stand above every page. */
const NAMED_GATEWAYS = 2;

function gatewayAlerts({ gateways, atMs }: LivePicture): ShellAlert[] {
  const silent = gateways.flatMap((gateway) => {
    const sinceMs = silentSinceMs(gateway, atMs);
    return sinceMs === null ? [] : [{ id: gateway.id, forMs: atMs - sinceMs, hasLeft: gateway.registration === null }];
  });
  if (silent.length <= NAMED_GATEWAYS)
    return silent.map(({ id, forMs, hasLeft }) => ({
      id: `gateway:${id}`,
      tone: "warn",
      text: `${id} silent`,
      age: ` for ${formatSpan(forMs)}`,
      rest: hasLeft ? ". It has left the registry." : ". Its traffic is missing from these figures.",
    }));
  const left = silent.filter(({ hasLeft }) => hasLeft).length;
  const gone =
    left === 0 ? "" : ` ${left === silent.length ? "They" : `${left.toString()} of them`} left the registry.`;
  return [
    {
      id: "gateways",
      tone: "warn",
      text: `${silent.length.toString()} gateways silent: ${someNames(silent.map(({ id }) => id))}`,
      age: `, the first for ${formatSpan(Math.max(...silent.map(({ forMs }) => forMs)))}`,
      rest: `. Their traffic is missing from these figures.${gone}`,
      action: { href: links.gateways(), label: "How each is doing" },
    },
  ];
}

function publishingAlert(picture: LivePicture): ShellAlert[] {
  const { savedRevision, publishedRevision, halted, halt } = picture.sync;
  const standsStill = halt?.reason ?? halted;
  // A lost ZooKeeper halts publishing too, and has its own line.
  if (standsStill === "" || picture.links.zookeeper.state !== "up") return [];
  // Where ZooKeeper counts other edits than the database, the two are not to be compared; the reason says how they stand.
  const isComparable = !isOtherHistory(halt);
  const gap = isComparable
    ? ` Saved revision ${savedRevision.toString()}, published ${publishedRevision?.toString() ?? "none"}.`
    : "";
  return [
    {
      id: "publishing",
      // Only a person ends a halt.
      tone: halt === null ? "warn" : "bad",
      // What follows from it, and what can be done, stands on Sync: an alert is on top of every page, a phone's too.
      text: `Publishing stands still: ${plainText(firstSentence(standsStill).first).replace(/[.]?$/, ".")}${gap}`,
      action: isComparable
        ? { href: links.sync(), label: "What to do" }
        : { href: links.sync(), label: "Choose a side" },
    },
  ];
}

function driftAlerts({ sync: { openDrift, blocked } }: LivePicture): ShellAlert[] {
  const alerts: ShellAlert[] = [];
  if (blocked.length > 0)
    alerts.push({
      id: "blocked",
      tone: "bad",
      text: `ZooKeeper does not let ${blocked.length === 1 ? "a node" : `${blocked.length.toString()} nodes`} be written.`,
      action: { href: links.sync(), label: "Which, and what to do" },
    });
  if (openDrift > 0)
    alerts.push({
      id: "drift",
      tone: "warn",
      text: `Somebody else changed ${openDrift === 1 ? "a published node" : `${openDrift.toString()} published nodes`}.`,
      action: { href: links.drift(), label: "Compare and decide" },
    });
  return alerts;
}

/** What is wrong now, worst first. While the stream is silent only that is said: the rest would be old news. */
export function shellAlerts(picture: LivePicture | null, freshness: Freshness): readonly ShellAlert[] {
  const silent = freshnessAlert(freshness, picture !== null);
  if (picture === null || silent.length > 0) return silent;
  return [...linkAlerts(picture), ...publishingAlert(picture), ...driftAlerts(picture), ...gatewayAlerts(picture)];
}
