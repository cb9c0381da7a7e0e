const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Names seen so far, with their lower-case form: looking one up checks it, folds it and keeps one copy of it. */
const names = new Map<string, string>();
/** A hostile sender cannot grow the table: what does not fit is checked each time. */
const MAX_NAMES = 2000;
const MAX_NAME_LENGTH = 64;

/** The lower-case form of a field name, or null when it is not a token (RFC 9110 §5.1). */
function fieldName(raw: string): string | null {
  const known = names.get(raw);
  if (known !== undefined) return known;
  if (!TOKEN.test(raw)) return null;
  const folded = raw.toLowerCase();
  if (names.size < MAX_NAMES && raw.length <= MAX_NAME_LENGTH) names.set(flat(raw), flat(folded));
  return folded;
}

/** A copy that does not keep the whole message it was cut from in memory. */
function flat(text: string): string {
  return Buffer.from(text, "latin1").toString("latin1");
}

const SPACE = 0x20;
const TAB = 0x09;

const isBlank = (code: number): boolean => code === SPACE || code === TAB;

/**
 * Field lines from `from` on, each ended by CRLF: name, value, name, value; names in lower case, values without the blanks
 * around them. Null when a line is not exactly `token ":" OWS value OWS` (RFC 9112 §5): folded, no colon, a blank in front
 * of it. What bytes values may have is for the caller to check, once, over the whole text.
 */
export function parseFieldLines(text: string, from: number): string[] | null {
  const fields: string[] = [];
  for (let start = from; start < text.length;) {
    const end = text.indexOf("\r\n", start);
    if (end === -1) return null;
    const colon = text.indexOf(":", start);
    if (colon === -1 || colon >= end) return null;
    const name = fieldName(text.slice(start, colon));
    if (name === null) return null;
    let first = colon + 1;
    let last = end;
    while (first < last && isBlank(text.charCodeAt(first))) first += 1;
    while (last > first && isBlank(text.charCodeAt(last - 1))) last -= 1;
    fields.push(name, text.slice(first, last));
    start = end + 2;
  }
  return fields;
}
