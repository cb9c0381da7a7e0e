import type { GatewayStatus, SyncStatus } from "./live.ts";
import type { RefusedDocument } from "./gateway-info.ts";

/** How far one gateway has come with what is saved. */
export interface GatewayProgress {
  readonly id: string;
  /** False once it has left the registry; nobody waits for it then. */
  readonly isLive: boolean;
  /** Revision it has applied; null when it acknowledges another database's policy, or nothing yet. */
  readonly revision: number | null;
  /** True when publishing waits because of it: it holds a later revision than was ever saved here. */
  readonly isAhead: boolean;
  /** Revisions saved that it has not applied; null with `revision`. */
  readonly behind: number | null;
  /** When it last applied something, Unix epoch ms, by its own clock. */
  readonly appliedAtMs: number | null;
  /** True when what it has applied is another database's. */
  readonly isForeign: boolean;
  readonly refused: readonly RefusedDocument[];
}

export function gatewayProgress(gateway: GatewayStatus, sync: SyncStatus): GatewayProgress {
  const { acknowledgement } = gateway;
  const isOurs = acknowledgement?.incarnation === sync.incarnation;
  const revision = acknowledgement !== null && isOurs ? acknowledgement.revision : null;
  return {
    id: gateway.id,
    isLive: gateway.registration !== null,
    revision,
    isAhead: revision !== null && sync.halt?.kind === "gateways" && revision > (sync.publishedRevision ?? 0),
    behind: revision === null ? null : Math.max(0, sync.savedRevision - revision),
    appliedAtMs: acknowledgement?.appliedAtMs ?? null,
    isForeign: acknowledgement !== null && !isOurs,
    refused: acknowledgement?.refused ?? [],
  };
}
