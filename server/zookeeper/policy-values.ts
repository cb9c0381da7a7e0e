import type { z } from "zod";
import { breakerTargetId } from "#domain/breaker-policy.ts";
import { overrideId } from "#domain/override.ts";
import { SPEC_SCHEMAS, type PolicyHead, type PolicyKind, type SpecOf } from "#domain/policy.ts";
import type { PolicySnapshot, Published } from "#domain/snapshot.ts";
import { describeIssues, type Decoded } from "./codec.ts";
import { splitKey } from "./paths.ts";

/** A published object of any kind, with its kind, so that nothing has to be assumed when it is sorted in. */
export type PolicyValue = {
  [Kind in PolicyKind]: { readonly kind: Kind; readonly published: Published<SpecOf[Kind]> };
}[PolicyKind];

/**
 * A document's spec by the schema of its kind, or why it is refused: malformed, under a name that is not its own, or
 * with a member this version does not know, which might change the meaning.
 */
export function parseValue(key: string, revision: number, spec: unknown): Decoded<PolicyValue> {
  const parts = splitKey(key);
  if (parts === null) return { ok: false, problem: "its name is not one of ours" };
  const { kind, id } = parts;
  switch (kind) {
    case "routes": {
      const parsed = parseStrictly(SPEC_SCHEMAS.routes, spec);
      return parsed.ok ? { ok: true, value: { kind, published: { id, revision, spec: parsed.value } } } : parsed;
    }
    case "breakers": {
      const parsed = parseStrictly(SPEC_SCHEMAS.breakers, spec);
      if (!parsed.ok) return parsed;
      const published = { id, revision, spec: parsed.value };
      return belongsTo(breakerTargetId(parsed.value.target), id, { kind, published });
    }
    case "overrides": {
      const parsed = parseStrictly(SPEC_SCHEMAS.overrides, spec);
      if (!parsed.ok) return parsed;
      const published = { id, revision, spec: parsed.value };
      return belongsTo(overrideId(parsed.value.target, parsed.value.scope), id, { kind, published });
    }
    case "services": {
      const parsed = parseStrictly(SPEC_SCHEMAS.services, spec);
      if (!parsed.ok) return parsed;
      return belongsTo(parsed.value.service, id, { kind, published: { id, revision, spec: parsed.value } });
    }
  }
}

function belongsTo(ownId: string, id: string, value: PolicyValue): Decoded<PolicyValue> {
  return ownId === id ? { ok: true, value } : { ok: false, problem: `it belongs to ${ownId}` };
}

function parseStrictly<Schema extends z.ZodType>(schema: Schema, spec: unknown): Decoded<z.output<Schema>> {
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

/** Everything in a snapshot, by policy key. */
export function valuesOf(snapshot: PolicySnapshot): Map<string, PolicyValue> {
  const values = new Map<string, PolicyValue>();
  for (const [id, published] of snapshot.routes) values.set(`routes/${id}`, { kind: "routes", published });
  for (const [id, published] of snapshot.breakers) values.set(`breakers/${id}`, { kind: "breakers", published });
  for (const [id, published] of snapshot.overrides) values.set(`overrides/${id}`, { kind: "overrides", published });
  for (const [id, published] of snapshot.services) values.set(`services/${id}`, { kind: "services", published });
  return values;
}

/** A snapshot of these values under a head. */
export function toSnapshot(head: PolicyHead, values: Iterable<PolicyValue>): PolicySnapshot {
  const routes = new Map<string, Published<SpecOf["routes"]>>();
  const breakers = new Map<string, Published<SpecOf["breakers"]>>();
  const overrides = new Map<string, Published<SpecOf["overrides"]>>();
  const services = new Map<string, Published<SpecOf["services"]>>();
  for (const { kind, published } of values) {
    switch (kind) {
      case "routes":
        routes.set(published.id, published);
        break;
      case "breakers":
        breakers.set(published.id, published);
        break;
      case "overrides":
        overrides.set(published.id, published);
        break;
      case "services":
        services.set(published.id, published);
        break;
    }
  }
  const { incarnation, revision, root } = head;
  return { incarnation, revision, root, routes, breakers, overrides, services };
}
