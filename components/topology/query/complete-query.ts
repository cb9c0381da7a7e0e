import { FIELD_NAMES, FIELDS, fieldOf, isFlag, isNumeric, type FieldName } from "./fields.ts";
import { isPlainWord, lex, type Token } from "./lexer.ts";
import { quote } from "./print-query.ts";

export interface Completion {
  /** What is put in the place of what was typed. */
  readonly text: string;
  readonly about: string;
}

/** What may stand at the cursor: `items` would replace the text from `from` to `to`. */
export interface Completions {
  readonly from: number;
  readonly to: number;
  readonly items: readonly Completion[];
}

/** Values of the mesh for fields that have no fixed ones. */
export type KnownValues = (field: FieldName) => readonly string[];

const MOST = 12;

type Expecting =
  | { readonly kind: "term" | "operator" | "joint" }
  | { readonly kind: "value"; readonly field: FieldName };

/** What one may go on with at the cursor, best first, at most a dozen. */
export function completeQuery(text: string, cursor: number, known: KnownValues): Completions {
  const { tokens } = lex(text.slice(0, cursor));
  const whole = tokens.filter(({ kind }) => kind !== "end");
  const last = whole.at(-1);
  const isTyping = last !== undefined && last.end === cursor && isWordLike(last);
  const before = isTyping ? whole.slice(0, -1) : whole;
  const typed = isTyping ? last.text : "";
  const from = isTyping ? last.at : cursor;
  const to = isTyping ? endOfWord(text, cursor) : cursor;
  return { from, to, items: itemsFor(expectingAfter(before), typed, known).slice(0, MOST) };
}

function isWordLike({ kind }: Token): boolean {
  return kind === "word" || kind === "and" || kind === "or" || kind === "not";
}

function endOfWord(text: string, at: number): number {
  let end = at;
  while (end < text.length && isPlainWord(text.charAt(end))) end += 1;
  return end;
}

function expectingAfter(tokens: readonly Token[]): Expecting {
  const last = tokens.at(-1);
  const previous = tokens.at(-2);
  if (last === undefined) return { kind: "term" };
  if (last.kind === "operator") {
    const field = previous === undefined ? undefined : fieldOf(previous.text);
    return field === undefined ? { kind: "term" } : { kind: "value", field };
  }
  if (last.kind === "close" || last.kind === "quoted") return { kind: "joint" };
  if (last.kind !== "word") return { kind: "term" };
  const field = previous?.kind === "operator" ? undefined : fieldOf(last.text);
  return field === undefined || isFlag(field) ? { kind: "joint" } : { kind: "operator" };
}

function itemsFor(expecting: Expecting, typed: string, known: KnownValues): Completion[] {
  switch (expecting.kind) {
    case "term":
      return [
        ...fitting(FIELD_NAMES, typed).map((name) => ({ text: name, about: FIELDS[name].about })),
        ...(typed === ""
          ? []
          : fitting(known("service"), typed).map((name) => ({ text: written(name), about: "Service" }))),
        ...fitting(["not"], typed).map((text) => ({ text, about: "Turns what follows round" })),
      ];
    case "operator":
      // A word typed after a name of a field begins no operator.
      return typed === "" ? OPERATOR_ITEMS : [];
    case "joint":
      return fitting(["and", "or"], typed).map((text) => ({
        text,
        about: text === "and" ? "Both hold" : "One of them holds",
      }));
    case "value":
      return valuesFor(expecting.field, typed, known);
  }
}

const OPERATOR_ITEMS: Completion[] = [
  { text: "=", about: "Is; * stands for any characters" },
  { text: "!=", about: "Is not" },
  { text: "~", about: "Contains" },
  { text: ">", about: "More than" },
  { text: "<", about: "Less than" },
];

const QUANTITIES: Readonly<Record<string, readonly string[]>> = {
  percent: ["0%", "1%", "5%", "10%", "50%"],
  latency: ["50ms", "100ms", "500ms", "1s"],
  rate: ["0/s", "1/s", "10/s", "100/s"],
  bytes: ["1kB", "1MB"],
  count: ["0", "1", "3"],
};

function valuesFor(field: FieldName, typed: string, known: KnownValues): Completion[] {
  const { type, values } = FIELDS[field];
  const all = isNumeric(field) ? (QUANTITIES[type] ?? []) : (values ?? known(field));
  return fitting(all, typed).map((value) => ({ text: written(value), about: field }));
}

/** Those that begin with what was typed, then those that hold it. */
function fitting<Name extends string>(names: readonly Name[], typed: string): Name[] {
  const words = typed.toLowerCase();
  const begins = names.filter((name) => name.toLowerCase().startsWith(words));
  return [...begins, ...names.filter((name) => !begins.includes(name) && name.toLowerCase().includes(words))].slice(
    0,
    MOST,
  );
}

function written(value: string): string {
  return isPlainWord(value) ? value : quote(value);
}
