import type { FieldName } from "./fields.ts";

export const OPERATORS = ["=", "!=", "~", ">", ">=", "<", "<="] as const;
export type Operator = (typeof OPERATORS)[number];

/** What a field is compared with. A number is in the field's own unit: percent, ms, per second, bytes per second. */
export type QueryValue =
  | { readonly kind: "text"; readonly text: string; readonly quoted: boolean }
  | { readonly kind: "number"; readonly number: number };

/** A question that every element of the mesh answers with yes or no. */
export type Query =
  | { readonly kind: "and" | "or"; readonly left: Query; readonly right: Query }
  | { readonly kind: "not"; readonly of: Query }
  | { readonly kind: "compare"; readonly field: FieldName; readonly operator: Operator; readonly value: QueryValue }
  /** A field by itself: `idle`, `backup`. */
  | { readonly kind: "flag"; readonly field: FieldName }
  /** A bare word: it is looked for in names. */
  | { readonly kind: "name"; readonly text: string; readonly quoted: boolean };

/** What is wrong with a query, and where: `at` to `end` are offsets into the text. */
export interface QueryProblem {
  readonly at: number;
  readonly end: number;
  /** For people: what stands there, and what was expected. */
  readonly message: string;
}

export type ParsedQuery =
  | { readonly ok: true; /** Null: nothing was asked. */ readonly query: Query | null }
  | { readonly ok: false; readonly problem: QueryProblem };
