import type { LivePicture } from "#domain/live.ts";
import type { Topology } from "#domain/topology.ts";

/** What every part of the panel works with. */
export interface PanelProps {
  /** The mesh as it is now: breakers, instances, gateways. */
  readonly picture: LivePicture;
  /** The mesh that is shown: now, or as it was. */
  readonly topology: Topology;
  /** Unix epoch, ms, of what is shown; null: now. */
  readonly atMs: number | null;
  readonly windowMs: number;
  readonly onSelect: (id: string) => void;
  /** Opens or closes a box of the drawing. */
  readonly onExpand: (id: string) => void;
  /** Boxes that are open. */
  readonly expanded: ReadonlySet<string>;
}
