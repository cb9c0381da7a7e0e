import { fieldOf, FIELDS, isFlag } from "./fields.ts";
import { isPlainWord } from "./lexer.ts";
import type { Query } from "./query.ts";
import { writeQuantity } from "./units.ts";

/** The query as text that is read as the same query, with no more brackets than needed. */
export function printQuery(query: Query): string {
  switch (query.kind) {
    case "or":
      return `${printQuery(query.left)} or ${inBrackets(query.right, ["or"])}`;
    case "and":
      return `${inBrackets(query.left, ["or"])} and ${inBrackets(query.right, ["or", "and"])}`;
    case "not":
      return `not ${inBrackets(query.of, ["or", "and"])}`;
    case "flag":
      return query.field;
    case "name":
      return printName(query.text, query.quoted);
    case "compare": {
      const { field, operator, value } = query;
      return `${field} ${operator} ${value.kind === "number" ? writeQuantity(value.number, FIELDS[field].type) : printText(value.text, value.quoted)}`;
    }
  }
}

function inBrackets(query: Query, looser: readonly Query["kind"][]): string {
  return looser.includes(query.kind) ? `(${printQuery(query)})` : printQuery(query);
}

/** A name that would be read as a question of its own is quoted. */
function printName(text: string, quoted: boolean): string {
  const field = fieldOf(text);
  return printText(text, quoted || (field !== undefined && isFlag(field)));
}

function printText(text: string, quoted: boolean): string {
  return quoted || !isPlainWord(text) ? quote(text) : text;
}

/** The text within quotation marks. */
export function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/gu, String.raw`\$&`)}"`;
}
