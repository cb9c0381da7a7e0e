import { FIELDS, isFlag, type FieldName } from "./fields.ts";
import { fitsWildcard, holdsText } from "./matches-text.ts";
import type { Operator, Query, QueryValue } from "./query.ts";

/** One element of the mesh, as queries see it. */
export interface QueryElement {
  /** What bare words are looked for in. */
  readonly names: readonly string[];
  /** All values that it has in the field; none when it has no such thing. */
  texts(field: FieldName): readonly string[];
  /** In the field's own unit; null when it has no such figure. */
  figure(field: FieldName): number | null;
  flag(field: FieldName): boolean;
}

/** Whether the query holds for the element. A comparison with what the element does not have is never true, `!=` included. */
export function holds(query: Query, element: QueryElement): boolean {
  switch (query.kind) {
    case "and":
      return holds(query.left, element) && holds(query.right, element);
    case "or":
      return holds(query.left, element) || holds(query.right, element);
    case "not":
      return !holds(query.of, element);
    case "flag":
      return FIELDS[query.field].type === "flag" ? element.flag(query.field) : element.texts(query.field).length > 0;
    case "name":
      return element.names.some((name) =>
        !query.quoted && query.text.includes("*") ? fitsWildcard(name, query.text) : holdsText(name, query.text),
      );
    case "compare":
      return compares(query.field, query.operator, query.value, element);
  }
}

function compares(field: FieldName, operator: Operator, value: QueryValue, element: QueryElement): boolean {
  if (value.kind === "number") {
    const figure = element.figure(field);
    return figure !== null && comparesNumber(figure, operator, value.number);
  }
  const texts =
    isFlag(field) && FIELDS[field].type === "flag" ? [element.flag(field) ? "yes" : "no"] : element.texts(field);
  const isIt = (text: string): boolean => {
    if (operator === "~") return holdsText(text, value.text);
    return value.quoted ? text.toLowerCase() === value.text.toLowerCase() : fitsWildcard(text, value.text);
  };
  return operator === "!=" ? texts.length > 0 && !texts.some(isIt) : texts.some(isIt);
}

function comparesNumber(figure: number, operator: Operator, number: number): boolean {
  switch (operator) {
    case "=":
      return figure === number;
    case "!=":
      return figure !== number;
    case ">":
      return figure > number;
    case ">=":
      return figure >= number;
    case "<":
      return figure < number;
    case "<=":
      return figure <= number;
    case "~":
      return false;
  }
}
