/** Under what conditions a good answer may be shown again, to whom, and for how long. */
export interface Keeping {
  /** Its age when it arrived, ms, by its own account (RFC 9111 §5.1). */
  readonly ageMs: number;
  /** Older than this it must not be shown, ms. */
  readonly ageLimitMs: number;
  /** Whether also to those who send credentials. */
  readonly forAll: boolean;
  /** Names of the request fields it was chosen by, in lower case. */
  readonly chosenBy: readonly string[];
}

/**
 * Fields by which a person is known. Only `authorization` keeps a shared cache from storing by itself (RFC 9111 §3.5), but what
 * the others name is as private: cookies, keys, and whom a proxy in front has signed in (oauth2-proxy, Envoy, AWS, Google, Azure).
 */
const CREDENTIALS = new Set([
  "authorization",
  "cookie",
  "proxy-authorization",
  "api-key",
  "apikey",
  "x-api-key",
  "x-api-token",
  "x-auth-token",
  "x-access-token",
  "x-session-token",
  "x-forwarded-access-token",
  "x-forwarded-client-cert",
  "x-forwarded-email",
  "x-forwarded-user",
  "x-auth-request-email",
  "x-auth-request-user",
  "x-remote-user",
  "x-user-id",
  "x-amzn-oidc-data",
  "x-goog-authenticated-user-id",
  "x-goog-iap-jwt-assertion",
  "x-ms-client-principal",
]);

/**
 * What a shared cache may keep of a 200 to a GET, to show it to others, also stale (RFC 9111 §3, §3.5, §4.2.4, RFC 5861 §4);
 * null: nothing. Stricter than it has to be where services forget to say what they mean: `no-cache` and `private` are taken
 * whole even where they name fields, and nothing that sets a cookie is kept. `sent`, `answer`: name, value, …; lower case.
 */
export function mayKeep(sent: readonly string[], answer: readonly string[]): Keeping | null {
  const control = directivesOf(answer);
  if (control.has("no-store") || control.has("private") || control.has("no-cache")) return null;
  if (control.size === 0 && fieldIn(answer, "pragma")?.toLowerCase().includes("no-cache") === true) return null;
  if (directivesOf(sent).has("no-store") || has(answer, "set-cookie") || has(answer, "set-cookie2")) return null;
  const forAll = control.has("public") || control.has("s-maxage");
  if (!forAll && tellsWho(sent)) return null;
  const chosenBy = new Set(namesIn(fieldIn(answer, "vary") ?? ""));
  if (chosenBy.has("*")) return null;
  // Whoever did not say that it can be read encoded must not get it so, although the service forgot to say that it chose.
  if ((fieldIn(answer, "content-encoding") ?? "identity").toLowerCase() !== "identity") chosenBy.add("accept-encoding");
  const ageMs = seconds(fieldIn(answer, "age")?.split(",")[0]?.trim()) * 1000;
  return { ageMs, ageLimitMs: ageLimitMs(control, answer), forAll, chosenBy: [...chosenBy] };
}

/** Whether a request may be answered by what was kept, as far as the request itself has a say. */
export function mayBeShown(sent: readonly string[], forAll: boolean): boolean {
  if (!forAll && tellsWho(sent)) return false;
  // How fresh an answer the client would like is set aside, as with stale-if-error; that it wants none from a store is not.
  if (directivesOf(sent).has("no-cache")) return false;
  // Those want to be sure of the present state, which nobody can say (RFC 9110 §13.1.1, §13.1.4).
  return !has(sent, "if-match") && !has(sent, "if-unmodified-since");
}

/** A field's lines joined in order; undefined when there is none. */
export function fieldIn(headers: readonly string[], name: string): string | undefined {
  let value: string | undefined;
  for (let at = 0; at < headers.length; at += 2) {
    if (headers[at] !== name) continue;
    const line = headers[at + 1] ?? "";
    value = value === undefined ? line : `${value}, ${line}`;
  }
  return value;
}

/** Endless unless the service forbids stale answers (RFC 9111 §5.2.2), or says how stale one may be (RFC 5861 §4). */
function ageLimitMs(control: ReadonlyMap<string, string>, answer: readonly string[]): number {
  if (control.has("must-revalidate") || control.has("proxy-revalidate") || control.has("s-maxage"))
    return freshMs(control, answer);
  if (control.has("stale-if-error")) return freshMs(control, answer) + seconds(control.get("stale-if-error")) * 1000;
  return Number.POSITIVE_INFINITY;
}

/** How long it is fresh by its own account (RFC 9111 §4.2.1); nothing is guessed. */
function freshMs(control: ReadonlyMap<string, string>, answer: readonly string[]): number {
  const said = control.get("s-maxage") ?? control.get("max-age");
  if (said !== undefined) return seconds(said) * 1000;
  const lifeMs = Date.parse(fieldIn(answer, "expires") ?? "") - Date.parse(fieldIn(answer, "date") ?? "");
  return lifeMs > 0 ? lifeMs : 0;
}

const DIRECTIVE = /([^\s,;="]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?/g;

/** Of `Cache-Control`; the first of each name counts. Commas in quotes are no ends. */
function directivesOf(headers: readonly string[]): ReadonlyMap<string, string> {
  const directives = new Map<string, string>();
  const field = fieldIn(headers, "cache-control");
  if (field === undefined) return directives;
  for (const [, name = "", quoted, bare] of field.matchAll(DIRECTIVE)) {
    const known = name.toLowerCase();
    if (!directives.has(known)) directives.set(known, quoted ?? bare ?? "");
  }
  return directives;
}

/** What is no number of seconds counts as none: as old as can be. */
function seconds(text: string | undefined): number {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : 0;
}

function namesIn(list: string): string[] {
  return list
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
}

function has(headers: readonly string[], name: string): boolean {
  for (let at = 0; at < headers.length; at += 2) if (headers[at] === name) return true;
  return false;
}

function tellsWho(sent: readonly string[]): boolean {
  for (let at = 0; at < sent.length; at += 2) if (CREDENTIALS.has(sent[at] ?? "")) return true;
  return false;
}
