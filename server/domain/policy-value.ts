import type { z } from "zod";
import { breakerTargetId } from "./breaker-policy.ts";
import { overrideId } from "./override.ts";
import { SPEC_SCHEMAS, type PolicyKind, type SpecOf } from "./policy.ts";
import { describeIssues } from "./describe-issues.ts";
import type { Published } from "./snapshot.ts";

/** A published object of any kind, with its kind, so that nothing has to be assumed when it is sorted in. */
export type PolicyValue = {
  [Kind in PolicyKind]: { readonly kind: Kind; readonly published: Published<SpecOf[Kind]> };
}[PolicyKind];

/** A value, or why there is none. */
type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/**
 * A published spec by the schema of its kind, or why it is refused: malformed, under a name that is not its own, or
 * with a member this version does not know, which might change the meaning.
 */
export function parsePolicyValue(
  kind: PolicyKind,
  id: string,
  { revision, created }: Pick<Published<unknown>, "revision" | "created">,
  spec: unknown,
): Parsed<PolicyValue> {
  switch (kind) {
    case "routes": {
      const parsed = parseStrictly(SPEC_SCHEMAS.routes, spec);
      return parsed.ok
        ? { ok: true, value: { kind, published: { id, revision, created, spec: parsed.value } } }
        : parsed;
    }
    case "breakers": {
      const parsed = parseStrictly(SPEC_SCHEMAS.breakers, spec);
      if (!parsed.ok) return parsed;
      const published = { id, revision, created, spec: parsed.value };
      return belongsTo(breakerTargetId(parsed.value.target), id, { kind, published });
    }
    case "overrides": {
      const parsed = parseStrictly(SPEC_SCHEMAS.overrides, spec);
      if (!parsed.ok) return parsed;
      const published = { id, revision, created, spec: parsed.value };
      return belongsTo(overrideId(parsed.value.target, parsed.value.scope), id, { kind, published });
    }
    case "services": {
      const parsed = parseStrictly(SPEC_SCHEMAS.services, spec);
      if (!parsed.ok) return parsed;
      return belongsTo(parsed.value.service, id, { kind, published: { id, revision, created, spec: parsed.value } });
    }
  }
}

function belongsTo(ownId: string, id: string, value: PolicyValue): Parsed<PolicyValue> {
  return ownId === id ? { ok: true, value } : { ok: false, problem: `it belongs to ${ownId}` };
}

function parseStrictly<Schema extends z.ZodType>(schema: Schema, spec: unknown): Parsed<z.output<Schema>> {
  const parsed = schema.safeParse(spec);
  if (!parsed.success) return { ok: false, problem: describeIssues(parsed.error) };
  const unknown = firstUnknownMember(spec, parsed.data, "");
  if (unknown !== "") return { ok: false, problem: `${unknown}: this version does not know it` };
  return { ok: true, value: parsed.data };
}

/** Path of the first member that parsing left out; empty when nothing was. */
function firstUnknownMember(raw: unknown, parsed: unknown, at: string): string {
  if (typeof raw !== "object" || raw === null || typeof parsed !== "object" || parsed === null) return "";
  const known = new Map<string, unknown>(Object.entries(parsed));
  for (const [name, value] of Object.entries(raw)) {
    const path = at === "" ? name : `${at}.${name}`;
    if (!known.has(name)) return path;
    const inner = firstUnknownMember(value, known.get(name), path);
    if (inner !== "") return inner;
  }
  return "";
}
