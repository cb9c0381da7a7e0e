import type { LivePicture } from "#domain/live.ts";
import { OUTSIDE } from "#domain/traffic.ts";
import { standsOf } from "../breakers/instance-stand.ts";
import { formatErrors, formatLatency, formatRate } from "../format/number.ts";
import { counted } from "../sync/counted.ts";

/** What can be counted of the mesh as a whole. */
export interface MeshCounts {
  readonly services: number;
  readonly instances: number;
  /** Of them, those that gateways send calls to: neither ejected, forced out nor unwell, and not saying themselves that they do not. */
  readonly serving: number;
  readonly gateways: number;
  readonly breakers: number;
  readonly closed: number;
}

/** Counts at `nowMs` (Unix epoch). */
export function meshCounts({ services, gateways, breakers }: LivePicture, nowMs: number): MeshCounts {
  const instances = services.flatMap((service) => service.instances);
  return {
    services: services.filter((service) => service.instances.length > 0).length,
    instances: instances.length,
    serving: services
      .flatMap((service) => standsOf(service, {}, nowMs))
      .filter(({ kind }) => kind === "in" || kind === "kept-in").length,
    gateways: gateways.filter(({ registration }) => registration !== null).length,
    breakers: breakers.length,
    closed: breakers.filter((breaker) => breaker.gateways.every(({ reading }) => reading.state === "closed")).length,
  };
}

/** The figures that stand for “all is well”, each a phrase. */
export function proofOf(picture: LivePicture, nowMs: number): readonly string[] {
  const { services, serving, gateways, breakers, closed } = meshCounts(picture, nowMs);
  const outside = picture.topology.nodes.find(({ kind }) => kind === "outside");
  const traffic =
    outside === undefined || outside.requestsPerSecond === 0
      ? "nothing asked from outside now"
      : `${formatRate(outside.requestsPerSecond)} from ${OUTSIDE}, ${formatErrors(outside)} errors, p95 ${formatLatency(outside.p95Ms)}`;
  return [
    traffic,
    `${counted(services, "service", "services")} with ${counted(serving, "instance", "instances")} serving`,
    breakers === 0
      ? "no breaker used yet"
      : `${closed.toString()} of ${counted(breakers, "breaker", "breakers")} closed`,
    `${counted(gateways, "gateway", "gateways")} heard, at revision ${(picture.sync.publishedRevision ?? 0).toString()}`,
  ];
}
