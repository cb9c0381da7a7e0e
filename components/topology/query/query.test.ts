import {
  assert,
  constantFrom,
  letrec,
  oneof,
  property,
  record,
  string,
  tuple,
  double,
  constant,
  type Arbitrary,
} from "fast-check";
import { describe, expect, it } from "vitest";
import { completeQuery } from "./complete-query.ts";
import { holds, type QueryElement } from "./evaluate-query.ts";
import { FIELD_NAMES, FIELDS, isFlag, isNumeric } from "./fields.ts";
import { parseQuery } from "./parse-query.ts";
import { printQuery } from "./print-query.ts";
import { OPERATORS, type Query } from "./query.ts";

function read(text: string): Query {
  const parsed = parseQuery(text);
  if (!parsed.ok || parsed.query === null) throw new Error(parsed.ok ? "nothing asked" : parsed.problem.message);
  return parsed.query;
}

function problemOf(text: string): string {
  const parsed = parseQuery(text);
  return parsed.ok
    ? "none"
    : `${parsed.problem.at.toString()}-${parsed.problem.end.toString()}: ${parsed.problem.message}`;
}

const TEXTS: ReadonlyMap<string, readonly string[]> = new Map([
  ["service", ["payments"]],
  ["breaker", ["open", "forced-open"]],
  ["route", ["checkout", "refund"]],
  ["version", ["1", "2"]],
]);
const FIGURES: ReadonlyMap<string, number> = new Map([
  ["error", 2],
  ["rate", 10],
  ["p95", 500],
]);

const payments: QueryElement = {
  names: ["payments"],
  texts: (field) => TEXTS.get(field) ?? [],
  figure: (field) => FIGURES.get(field) ?? null,
  flag: (field) => field === "backup",
};

const asked = (text: string): boolean => holds(read(text), payments);

describe("what a query means", () => {
  it.each([
    ["service = pay* and (error > 1% or breaker = closed)", true],
    ["service = pay* and (error > 5% or breaker = closed)", false],
    ["SERVICE = PAY* AND NOT error > 5", true],
    ["name=payments && !idle", true],
    ["service = pay", false],
    ["service ~ ment", true],
    ['service = "pay*"', false],
    ["route = refund", true],
    ["route != refund", false],
    ["route != other", true],
    ["p95 >= 0.5s and p95 < 501ms and p95 <= 500", true],
    ["rate = 600/m", true],
    ["breaker = open", true],
    ["breaker = half*", false],
    ["backup", true],
    ["backup = yes", true],
    ["backup != yes", false],
    ["ment", true],
    ["pay*", true],
    ["*pay", false],
    ['"pay*"', false],
  ])("%s: %s", (text, expected) => {
    expect(asked(text)).toBe(expected);
  });

  it("NOT binds closer than AND, and AND closer than OR", () => {
    expect(read("not a and b or c")).toEqual(read("((not a) and b) or c"));
    expect(read("a or b and not c")).toEqual(read("a or (b and (not c))"));
    expect(asked("payments or nothing and nothing")).toBe(true);
    expect(asked("(payments or nothing) and nothing")).toBe(false);
  });

  it("a comparison with what is missing is never true, whichever way round", () => {
    for (const text of ["p50 > 0", "p50 <= 0", "p50 != 3", "share < 100%", "gateway = x", "gateway != x"])
      expect(asked(text)).toBe(false);
    expect(asked("not p50 > 0")).toBe(true);
    expect(asked("override")).toBe(false);
  });
});

describe("what is wrong with a query is said where it stands", () => {
  it.each([
    ["(a and b", "0-1: This bracket is not closed"],
    ["a)", "1-2: This bracket closes none"],
    ["a and", "5-5: Expected a field, a name or an opening bracket, found the end"],
    ["a b", '2-3: Expected "and" or "or", found "b"'],
    ["error > ", "8-8: Expected a share such as 1%, found the end"],
    ["p95 > 5%", '6-8: Expected a time such as 500ms or 2s, found "5%"'],
    ["health = bad", '9-12: Expected one of healthy, degraded, failing, idle, found "bad"'],
    ["health > idle", '9-13: "health" is not a number: compare it by =, != or ~'],
    ["error ~ 1", '8-9: "error" is a number: compare it by =, !=, <, <=, > or >='],
    ['"open', "0-5: The quotation mark is not closed"],
    ["a & b", '2-3: Unexpected "&"'],
  ])("%s", (text, expected) => {
    expect(problemOf(text)).toBe(expected);
  });

  it("an unknown field is answered with those there are", () => {
    expect(problemOf("colour = red")).toMatch(/^0-6: There is no field "colour"[.] Fields are service, kind, /u);
  });

  it("an empty query asks nothing", () => {
    expect(parseQuery("  ")).toEqual({ ok: true, query: null });
  });

  it("never throws and always points into the text, whatever is typed", () => {
    const words = constantFrom(
      "and",
      "or",
      "not",
      "(",
      ")",
      "=",
      "!=",
      "~",
      ">",
      '"',
      "\\",
      "error",
      "service",
      "1%",
      "*",
      " ",
      "idle",
    );
    assert(
      property(
        oneof(
          string({ unit: "grapheme" }),
          tuple(words, words, words, words, words).map((all) => all.join(" ")),
        ),
        (text) => {
          const parsed = parseQuery(text);
          if (parsed.ok) return;
          expect(parsed.problem.at).toBeLessThanOrEqual(text.length);
          expect(parsed.problem.end).toBeLessThanOrEqual(text.length);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("brackets as deep as a query is long are read", () => {
    expect(parseQuery(`${"(".repeat(999)}a${")".repeat(999)}`).ok).toBe(true);
    expect(parseQuery("(".repeat(2001)).ok).toBe(false);
  });
});

const numeric = FIELD_NAMES.filter(isNumeric);
const texts = FIELD_NAMES.filter((field) => FIELDS[field].values === null && !isNumeric(field));
const text = string({ unit: "grapheme", maxLength: 8 });

/** Every query that can be read: what the grammar would not keep apart is not made. */
const queries: Arbitrary<Query> = letrec<{ query: Query }>((tie) => ({
  query: oneof(
    { maxDepth: 5 },
    constantFrom(...FIELD_NAMES.filter(isFlag)).map((field): Query => ({ kind: "flag", field })),
    text.map((said): Query => ({ kind: "name", text: said, quoted: true })),
    constantFrom("pay*", "a-b", "x.y.Z", "p95").map((said): Query => ({ kind: "name", text: said, quoted: false })),
    tuple(
      constantFrom(...numeric),
      constantFrom(...OPERATORS.filter((sign) => sign !== "~")),
      double({ min: 0, max: 1e9, noNaN: true }),
    ).map(([field, operator, number]): Query => ({
      kind: "compare",
      field,
      operator,
      value: { kind: "number", number: Number(Math.abs(number).toPrecision(12)) },
    })),
    tuple(constantFrom(...texts), constantFrom("=", "!=", "~"), text).map(([field, operator, said]): Query => ({
      kind: "compare",
      field,
      operator,
      value: { kind: "text", text: said, quoted: true },
    })),
    record({ kind: constantFrom("and", "or"), left: tie("query"), right: tie("query") }),
    record({ kind: constant("not"), of: tie("query") }),
  ),
})).query;

describe("writing a query down", () => {
  it("gives a text that is read as the same query", () => {
    assert(
      property(queries, (query) => {
        expect(read(printQuery(query))).toEqual(query);
      }),
      { numRuns: 1000 },
    );
  });

  it("uses no more brackets than needed", () => {
    expect(printQuery(read("((service=pay*) and ((error>0.01e2) or (breaker=open)))"))).toBe(
      "service = pay* and (error > 1% or breaker = open)",
    );
  });
});

describe("what one can go on with", () => {
  const known = (field: string): readonly string[] => (field === "service" ? ["payments", "orders", "two terms"] : []);
  const offered = (typed: string): readonly string[] =>
    completeQuery(typed, typed.length, known).items.map((item) => item.text);

  it("a field or a name at the start, then an operator, then a value, then and or or", () => {
    expect(offered("he")).toEqual(["health"]);
    expect(offered("pay")).toEqual(["payments"]);
    expect(offered("service ")).toContain("=");
    expect(offered("service = ord")).toEqual(["orders"]);
    expect(offered("service = two")).toEqual(['"two terms"']);
    expect(offered("breaker = o")).toEqual(["open", "closed", "half-open", "forced-open", "forced-closed"]);
    expect(offered("error > 1% ")).toEqual(["and", "or"]);
    expect(offered("a and (")).toContain("service");
  });

  it("puts the choice in the place of the word it began with", () => {
    expect(completeQuery("service = paXX and b", 12, known)).toMatchObject({ from: 10, to: 14 });
  });

  it("never throws, whatever stands before the cursor", () => {
    assert(
      property(string({ unit: "grapheme" }), (typed) => {
        const { from, to } = completeQuery(typed, typed.length, known);
        expect(from).toBeLessThanOrEqual(to);
      }),
      { numRuns: 1000 },
    );
  });
});
