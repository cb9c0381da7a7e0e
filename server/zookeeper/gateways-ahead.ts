import type { Acknowledgement } from "#domain/gateway-info.ts";
import type { GatewayAhead } from "#domain/publishing.ts";
import { compare } from "./registry-hold.ts";

/** What a gateway says it has applied. */
export type Applied = Pick<Acknowledgement, "gatewayId" | "incarnation" | "revision">;

/**
 * Edits that a backup can lack: three years of one each second. A gateway that claims more has made it up; to be led above
 * it would use up the revisions, of which there are 20 times as many.
 */
export const LEAD_MAX = 100_000_000;

/**
 * Gateways that hold a later revision of this database than it has, by id. ZooKeeper lost what they were told, and the
 * database was restored from a backup: they refuse every head until its revision has caught up with theirs.
 */
export function gatewaysAhead(
  applied: readonly Applied[],
  { incarnation, revision }: { readonly incarnation: string; readonly revision: number },
): GatewayAhead[] {
  return applied
    .filter((ack) => ack.incarnation === incarnation && ack.revision > revision && ack.revision - revision <= LEAD_MAX)
    .map((ack) => ({ id: ack.gatewayId, revision: ack.revision }))
    .sort((a, b) => compare(a.id, b.id));
}

/** Gateways named before the rest is counted. */
const NAMES_MAX = 5;

/** Why publishing waits, for people. `highest`: of those that are there, and of those that were seen before. */
export function reasonOfAhead(ahead: readonly GatewayAhead[], highest: number, revision: number): string {
  const named = ahead.slice(0, NAMES_MAX).map(({ id, revision: at }) => `${id} (revision ${at})`);
  const rest = ahead.length - named.length;
  const who =
    ahead.length === 0
      ? `Gateways had applied revision ${highest}, which this database had not reached.`
      : `${ahead.length === 1 ? "A gateway holds" : "Gateways hold"} a later policy than the database: ${named.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}.`;
  return (
    `${who} The database is at revision ${revision}: a backup may have been restored, and ZooKeeper does not hold what was published since. ` +
    "Nothing is written, as these gateways would not follow. Restore the newer database, or have this one published above them."
  );
}
