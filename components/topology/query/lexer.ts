import type { Operator, QueryProblem } from "./query.ts";

export type TokenKind = "open" | "close" | "and" | "or" | "not" | "operator" | "word" | "quoted" | "end";

export interface Token {
  readonly kind: TokenKind;
  /** What it says: of a quoted text without its quotes. */
  readonly text: string;
  readonly operator: Operator | null;
  /** Offsets into the text. */
  readonly at: number;
  readonly end: number;
}

const SPACE = /\s/u;
const ENDS_WORD = /[\s()=!~<>"≥≤≠&|]/u;

const SIGNS: readonly (readonly [string, TokenKind, Operator | null])[] = [
  ["(", "open", null],
  [")", "close", null],
  ["&&", "and", null],
  ["||", "or", null],
  ["!=", "operator", "!="],
  ["≠", "operator", "!="],
  [">=", "operator", ">="],
  ["≥", "operator", ">="],
  ["<=", "operator", "<="],
  ["≤", "operator", "<="],
  ["==", "operator", "="],
  ["=", "operator", "="],
  ["~", "operator", "~"],
  [">", "operator", ">"],
  ["<", "operator", "<"],
  ["!", "not", null],
];

const WORDS: Readonly<Record<string, TokenKind>> = { and: "and", or: "or", not: "not" };

/** The text in tokens, an "end" last; or what cannot be read in it. */
export function lex(text: string): { readonly tokens: readonly Token[]; readonly problem: QueryProblem | null } {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (SPACE.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    const token = text.charAt(at) === '"' ? quotedAt(text, at) : (signAt(text, at) ?? wordAt(text, at));
    if (token === null) {
      const message = text.charAt(at) === '"' ? "The quotation mark is not closed" : `Unexpected "${text.charAt(at)}"`;
      return { tokens, problem: { at, end: text.charAt(at) === '"' ? text.length : at + 1, message } };
    }
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: "end", text: "", operator: null, at: text.length, end: text.length });
  return { tokens, problem: null };
}

function signAt(text: string, at: number): Token | null {
  const found = SIGNS.find(([sign]) => text.startsWith(sign, at));
  if (found === undefined) return null;
  const [sign, kind, operator] = found;
  return { kind, text: sign, operator, at, end: at + sign.length };
}

function wordAt(text: string, at: number): Token | null {
  let end = at;
  while (end < text.length && !ENDS_WORD.test(text.charAt(end))) end += 1;
  if (end === at) return null;
  const word = text.slice(at, end);
  return { kind: WORDS[word.toLowerCase()] ?? "word", text: word, operator: null, at, end };
}

/** Within quotation marks a backslash takes the next character as it is. */
function quotedAt(text: string, at: number): Token | null {
  let content = "";
  for (let end = at + 1; end < text.length; end += 1) {
    const sign = text.charAt(end);
    if (sign === '"') return { kind: "quoted", text: content, operator: null, at, end: end + 1 };
    if (sign === "\\" && end + 1 < text.length) end += 1;
    content += text.charAt(end);
  }
  return null;
}

/** True when the text, written without quotation marks, is read as one word that says the same. */
export function isPlainWord(text: string): boolean {
  return text !== "" && !ENDS_WORD.test(text) && WORDS[text.toLowerCase()] === undefined;
}
