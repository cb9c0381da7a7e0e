import type { HeaderChanges } from "#domain/route-actions.ts";
import type { RouteSpec } from "#domain/route.ts";
import { compileTemplate, type Lookup } from "#domain/value-template.ts";
import { valueLookup } from "../request-values.ts";
import type { HeaderEdits, RequestFacts } from "../route-filters.ts";

/** What a field's value may hold (RFC 9110 §5.5); a line break or NUL in it would be the start of another field. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

interface Edit {
  readonly name: string;
  readonly value: Lookup<RequestFacts>;
}

/**
 * Makes a route's changes of header fields ready; null when there are none. A field whose value cannot be said of a
 * request (no instance was chosen, or the value is none a field can have) is left out; one to be set is removed then
 * all the same, so that nobody else's word stands in its place.
 */
export function compileHeaderChanges(changes: HeaderChanges, spec: RouteSpec): HeaderEdits | null {
  const edits = (fields: HeaderChanges["set"]): Edit[] =>
    fields.map(({ name, value }) => ({ name, value: compileTemplate(value, (wanted) => valueLookup(wanted, spec)) }));
  // Of several for one name the last counts.
  const set = edits([...new Map(changes.set.map((field) => [field.name, field])).values()]);
  const add = edits(changes.add);
  const dropped = new Set([...changes.remove, ...set.map(({ name }) => name)]);
  if (dropped.size === 0 && add.length === 0) return null;
  return {
    apply(headers, facts) {
      if (dropped.size > 0) dropFields(headers, (name) => dropped.has(name));
      write(headers, set, facts);
      write(headers, add, facts);
    },
  };
}

function write(headers: string[], edits: readonly Edit[], facts: RequestFacts): void {
  for (const { name, value } of edits) {
    const text = value(facts);
    if (text !== null && FIELD_VALUE.test(text)) headers.push(name, text);
  }
}

/** Takes fields out of a list of name, value, …, in place. */
export function dropFields(headers: string[], unwanted: (name: string) => boolean): void {
  let kept = 0;
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? "";
    if (unwanted(name)) continue;
    headers[kept] = name;
    headers[kept + 1] = headers[index + 1] ?? "";
    kept += 2;
  }
  headers.length = kept;
}
