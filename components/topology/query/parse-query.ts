import { VIEW_QUERY_LENGTH } from "#domain/saved-view.ts";
import { fieldOf, FIELDS, isFlag, isNumeric, type FieldName } from "./fields.ts";
import { lex, type Token } from "./lexer.ts";
import type { Operator, ParsedQuery, Query, QueryProblem, QueryValue } from "./query.ts";
import { EXAMPLES, readQuantity } from "./units.ts";

class Refusal extends Error {
  readonly problem: QueryProblem;
  constructor(problem: QueryProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** Reads a query: NOT binds closer than AND, AND closer than OR; an empty text asks nothing. Never throws. */
export function parseQuery(text: string): ParsedQuery {
  if (text.length > VIEW_QUERY_LENGTH) {
    const message = `Longer than ${VIEW_QUERY_LENGTH.toString()} characters`;
    return { ok: false, problem: { at: VIEW_QUERY_LENGTH, end: text.length, message } };
  }
  const { tokens, problem } = lex(text);
  if (problem !== null) return { ok: false, problem };
  const reader = new Reader(tokens);
  if (reader.next.kind === "end") return { ok: true, query: null };
  try {
    return { ok: true, query: readAll(reader) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, problem: error.problem };
    throw error;
  }
}

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;
  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }
  get next(): Token {
    const token = this.#tokens[Math.min(this.#at, this.#tokens.length - 1)];
    if (token === undefined) throw new Error("the tokens have no end");
    return token;
  }
  take(): Token {
    const token = this.next;
    this.#at += 1;
    return token;
  }
}

function expected(token: Token, what: string): Refusal {
  const found = token.kind === "end" ? "the end" : `"${token.text}"`;
  return new Refusal({ at: token.at, end: token.end, message: `Expected ${what}, found ${found}` });
}

function readAll(reader: Reader): Query {
  const query = readOr(reader);
  if (reader.next.kind === "close") {
    throw new Refusal({ at: reader.next.at, end: reader.next.end, message: "This bracket closes none" });
  }
  if (reader.next.kind !== "end") throw expected(reader.next, '"and" or "or"');
  return query;
}

function readOr(reader: Reader): Query {
  let left = readAnd(reader);
  while (reader.next.kind === "or") {
    reader.take();
    left = { kind: "or", left, right: readAnd(reader) };
  }
  return left;
}

function readAnd(reader: Reader): Query {
  let left = readNot(reader);
  while (reader.next.kind === "and") {
    reader.take();
    left = { kind: "and", left, right: readNot(reader) };
  }
  return left;
}

function readNot(reader: Reader): Query {
  if (reader.next.kind !== "not") return readTerm(reader);
  reader.take();
  return { kind: "not", of: readNot(reader) };
}

function readTerm(reader: Reader): Query {
  const token = reader.take();
  if (token.kind === "open") return readBracket(reader, token);
  if (token.kind === "quoted") return { kind: "name", text: token.text, quoted: true };
  if (token.kind !== "word") throw expected(token, "a field, a name or an opening bracket");
  const { operator } = reader.next;
  const field = fieldOf(token.text);
  if (operator !== null) {
    if (field === undefined) throw unknownField(token);
    reader.take();
    return readComparison(reader, field, operator);
  }
  return field !== undefined && isFlag(field)
    ? { kind: "flag", field }
    : { kind: "name", text: token.text, quoted: false };
}

function readBracket(reader: Reader, open: Token): Query {
  const query = readOr(reader);
  const close = reader.take();
  if (close.kind === "close") return query;
  if (close.kind !== "end") throw expected(close, '"and", "or" or a closing bracket');
  throw new Refusal({ at: open.at, end: open.end, message: "This bracket is not closed" });
}

function unknownField(token: Token): Refusal {
  const message = `There is no field "${token.text}". Fields are ${Object.keys(FIELDS).join(", ")}`;
  return new Refusal({ at: token.at, end: token.end, message });
}

function readComparison(reader: Reader, field: FieldName, operator: Operator): Query {
  const token = reader.take();
  const { type } = FIELDS[field];
  if (token.kind !== "word" && token.kind !== "quoted") throw expected(token, EXAMPLES[type]);
  if (isNumeric(field)) return readNumber(token, field, operator);
  if (operator !== "=" && operator !== "!=" && operator !== "~") {
    const message = `"${field}" is not a number: compare it by =, != or ~`;
    throw new Refusal({ at: token.at, end: token.end, message });
  }
  return { kind: "compare", field, operator, value: readText(token, field, operator) };
}

function readNumber(token: Token, field: FieldName, operator: Operator): Query {
  const { type } = FIELDS[field];
  if (operator === "~") {
    const message = `"${field}" is a number: compare it by =, !=, <, <=, > or >=`;
    throw new Refusal({ at: token.at, end: token.end, message });
  }
  const number = token.kind === "word" ? readQuantity(token.text, type) : null;
  if (number === null) throw expected(token, EXAMPLES[type]);
  return { kind: "compare", field, operator, value: { kind: "number", number } };
}

function readText(token: Token, field: FieldName, operator: Operator): QueryValue {
  const { values } = FIELDS[field];
  const isPattern = operator === "~" || (token.kind === "word" && token.text.includes("*"));
  if (values !== null && !isPattern && !values.includes(token.text.toLowerCase())) {
    throw expected(token, values.length === 2 ? values.join(" or ") : `one of ${values.join(", ")}`);
  }
  return { kind: "text", text: token.text, quoted: token.kind === "quoted" };
}
