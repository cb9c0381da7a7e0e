import type { GatewayProgress } from "#domain/gateway-progress.ts";

/** How a gateway stands with what is saved. */
export type GatewayState = "ahead" | "refuses" | "foreign" | "silent" | "behind" | "applied" | "left";

interface StateWords {
  /** Of one gateway. */
  readonly word: string;
  /** Of those in that state, in the list of states to pick from. */
  readonly option: string;
}

/** What needs a person first. */
export const GATEWAY_STATES: Readonly<Record<GatewayState, StateWords>> = {
  ahead: { word: "Ahead", option: "Ahead of what is saved" },
  refuses: { word: "Refuses", option: "Refusing a document" },
  foreign: { word: "Another database’s policy", option: "With another database’s policy" },
  silent: { word: "Said nothing yet", option: "That said nothing yet" },
  behind: { word: "Behind", option: "Behind" },
  applied: { word: "Up to date", option: "Up to date" },
  left: { word: "Left the registry", option: "That left the registry" },
};

export const GATEWAY_STATE_ORDER: readonly GatewayState[] = [
  "ahead",
  "refuses",
  "foreign",
  "silent",
  "behind",
  "applied",
  "left",
];

/**
 * `refused` of it are documents as they were published: what somebody else wrote in their place says nothing about a gateway.
 * `published` is the revision of the head; null while that is not known, and then nobody is called behind.
 */
export function gatewayState(gateway: GatewayProgress, published: number | null): GatewayState {
  const { isLive, isAhead, isForeign, revision, refused } = gateway;
  if (isAhead) return "ahead";
  if (!isLive) return "left";
  if (refused.length > 0) return "refuses";
  if (isForeign) return "foreign";
  if (revision === null) return "silent";
  return published !== null && revision < published ? "behind" : "applied";
}
