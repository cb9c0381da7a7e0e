import type { GatewayStatus } from "#domain/live.ts";
import { splitRefusals } from "#domain/refusals.ts";

/** One document, and the gateways that refuse it for the same reason. */
export interface RefusedByGateways {
  readonly key: string;
  readonly revision: number;
  readonly reason: string;
  readonly gatewayIds: readonly string[];
}

/**
 * What live gateways refuse of what was published: what many of them say alike is one row. By object.
 * `driftedKeys` are objects whose nodes somebody else changed.
 */
export function refusedDocuments(
  gateways: readonly GatewayStatus[],
  driftedKeys: ReadonlySet<string>,
): readonly RefusedByGateways[] {
  const each = gateways
    .filter(({ registration }) => registration !== null)
    .flatMap(({ id, acknowledgement }) =>
      splitRefusals(acknowledgement?.refused ?? [], driftedKeys).published.map((document) => ({ id, ...document })),
    );
  const alike = Map.groupBy(each, ({ key, revision, reason }) => JSON.stringify([key, revision, reason]));
  return [...alike.values()]
    .flatMap((of) => {
      const [first] = of;
      if (first === undefined) return [];
      const { key, revision, reason } = first;
      return [{ key, revision, reason, gatewayIds: of.map(({ id }) => id) }];
    })
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}
