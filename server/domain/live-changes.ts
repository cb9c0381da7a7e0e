import { applyPatch, PatchMismatch } from "./apply-patch.ts";
import type { LivePicture } from "./live.ts";
import { diff, fields, list, listBy, sliding, type Fields, type Shape } from "./patch.ts";

/** Gateways are told apart by their id and, where they are several processes, by the worker. */
const placeOf = ({ gatewayId, reading }: Fields): string =>
  JSON.stringify([
    gatewayId,
    typeof reading === "object" && reading !== null && "worker" in reading ? reading.worker : null,
  ]);

const PICTURE: Shape = fields({
  topology: fields({
    nodes: list(["id"], fields({ parts: list(["instance"], fields()) })),
    edges: list(
      ["id"],
      fields({ split: list(["subset", "instance"], fields()), gateways: list(["gatewayId"], fields()) }),
    ),
  }),
  services: list(
    ["name"],
    fields({
      instances: list(["id"], fields()),
      traffic: list(["instance"], fields()),
      standings: list(["instance", "gatewayId", "worker"], fields()),
      departed: list(["id"], fields()),
    }),
  ),
  breakers: list(["key"], fields({ gateways: listBy(placeOf, fields({ reading: fields() })), history: sliding })),
  hystrix: list(["key"], fields({ instances: list(["instance"], fields({ thresholds: fields() })), history: sliding })),
  hystrixSources: list(["service", "instance"], fields({ link: fields() })),
  gateways: list(["id"], fields({ stream: fields(), acknowledgement: fields() })),
  sync: fields(),
  links: fields({ zookeeper: fields(), database: fields() }),
});

/** Names of the fields that change most. One that is not among them is sent as it is. */
export const FIELD_NAMES: readonly string[] = [
  "requestsPerSecond errorRatio p50Ms p95Ms p99Ms bytesPerSecond inFlight split gateways parts traffic",
  "health healthReason breaker routes servingAsBackup instances standings reading history counts window",
  "latency state offeredPerSecond callers transitions fallbackServed maxInFlight outlooks atMs topology",
  "nodes edges services breakers hystrix hystrixSources sync links lastWindowAtMs receivedAtMs",
  "heardAtMs requestCount errorCount errorPercent stream link acknowledgement registryReadAtMs",
  "configuredOnly",
].flatMap((line) => line.split(" "));

const NUMBERS: ReadonlyMap<string, number> = new Map(FIELD_NAMES.map((name, at) => [name, at]));

/**
 * What a follower of the live picture is told, under an id that stands for the picture it then knows: all of it, or what
 * changed since the one with the id `since`.
 */
export type LiveMessage =
  | {
      readonly kind: "whole";
      readonly picture: LivePicture;
      /** What numbers stand for as names of fields in the changes that follow. */
      readonly names: readonly string[];
    }
  | {
      readonly kind: "changes";
      readonly since: string;
      /** JSON, written once for all that are told the same. */
      readonly patch: string;
    };

/** The way from one picture to another, as JSON. */
export function changesBetween(before: LivePicture, after: LivePicture): string {
  return JSON.stringify(diff(PICTURE, before, after, NUMBERS) ?? [0]);
}

/**
 * The picture that `patch` leads to. What did not change is the same object as before.
 * @throws PatchMismatch when it does not fit.
 */
export function applyChanges(before: LivePicture, patch: string, names: readonly string[]): LivePicture {
  const after = applyPatch(before, read(patch), names);
  if (!isPicture(after)) throw new PatchMismatch("no picture");
  return after;
}

function read(patch: string): unknown {
  try {
    return JSON.parse(patch);
  } catch (error) {
    throw new PatchMismatch("no JSON", { cause: error });
  }
}

/** The console speaks for the rest: only what would break a page is looked at. */
function isPicture(value: unknown): value is LivePicture {
  return (
    typeof value === "object" &&
    value !== null &&
    "atMs" in value &&
    typeof value.atMs === "number" &&
    ["topology", "services", "breakers", "gateways", "sync", "links"].every((name) => name in value)
  );
}
