import type { Marker } from "#domain/history.ts";
import { links } from "../links.ts";

/** The mesh as it was when something happened; `selected` is the node or edge it is looked at for. */
export function momentLink({ atMs, auditSequence }: Marker, selected?: string): string {
  return links.topologyMoments({
    atMs,
    ...(auditSequence !== null && { entry: auditSequence }),
    ...(selected !== undefined && { selected }),
  });
}
