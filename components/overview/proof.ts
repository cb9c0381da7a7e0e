import { takesRequests } from "#domain/takes-requests.ts";
import type { LivePicture } from "#domain/live.ts";
import { OUTSIDE } from "#domain/traffic.ts";
import { formatErrors, formatLatency, formatRate } from "../format/number.ts";
import { counted } from "../sync/counted.ts";

/** What can be counted of the mesh as a whole. */
export interface MeshCounts {
  readonly services: number;
  readonly instances: number;
  /** Of them, those that take calls as far as they say themselves. */
  readonly serving: number;
  readonly gateways: number;
  readonly breakers: number;
  readonly closed: number;
}

export function meshCounts({ services, gateways, breakers }: LivePicture): MeshCounts {
  const instances = services.flatMap((service) => service.instances);
  return {
    services: services.filter((service) => service.instances.length > 0).length,
    instances: instances.length,
    serving: instances.filter((instance) => takesRequests({}, instance)).length,
    gateways: gateways.filter(({ registration }) => registration !== null).length,
    breakers: breakers.length,
    closed: breakers.filter((breaker) => breaker.gateways.every(({ reading }) => reading.state === "closed")).length,
  };
}

/** The figures that stand for “all is well”, each a phrase. */
export function proofOf(picture: LivePicture): readonly string[] {
  const { services, serving, gateways, breakers, closed } = meshCounts(picture);
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
