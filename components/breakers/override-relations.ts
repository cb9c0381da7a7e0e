import {
  coversCommand,
  overrideId,
  overrideRank,
  type OverrideScope,
  type OverrideSpec,
  type OverrideTarget,
} from "#domain/override.ts";
import type { Hold } from "#domain/override-reach.ts";
import type { PolicyRow } from "#domain/policy.ts";

type Row = PolicyRow<OverrideSpec>;

/** How overrides that are there already get on with one that is about to be set. */
export interface OverrideRelations {
  /** Of the same target and scope: it is gone then. */
  readonly replaced: Row | null;
  /** Those that go on binding in its stead. */
  readonly winning: readonly Row[];
  /** Those it wins over while it lasts. */
  readonly losing: readonly Row[];
}

/** Overrides of the same breakers or instance, on the same gateways. */
export function relationsOf(rows: readonly Row[], hold: Hold): OverrideRelations {
  const id = overrideId(hold.target, hold.scope);
  const others = rows.filter(
    ({ id: other, spec }) => other !== id && sharesTarget(spec.target, hold.target) && sharesScope(spec, hold),
  );
  const wins = ({ spec }: Row): boolean => overrideRank(spec) < overrideRank(hold);
  return {
    replaced: rows.find((row) => row.id === id) ?? null,
    winning: others.filter(wins),
    losing: others.filter((row) => !wins(row)),
  };
}

function sharesTarget(one: OverrideTarget, other: OverrideTarget): boolean {
  if (one.kind === "instance" || other.kind === "instance")
    return one.kind === other.kind && one.service === other.service && instanceOf(one) === instanceOf(other);
  if (other.kind === "command") return coversCommand(one, other);
  return one.service === other.service;
}

function instanceOf(target: OverrideTarget): string {
  return target.kind === "instance" ? target.instance : "";
}

function sharesScope(one: { readonly scope: OverrideScope }, other: { readonly scope: OverrideScope }): boolean {
  return one.scope.kind === "fleet" || other.scope.kind === "fleet" || one.scope.gatewayId === other.scope.gatewayId;
}
