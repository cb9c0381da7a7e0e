/** Never in a path that is matched here and then read by somebody else: parsers disagree about them. */
const AMBIGUOUS = /[\\;#]|\/\/|[^\x21-\x7e]/;
const PERCENT = /%(?![0-9A-Fa-f]{2})|%00|%2f|%5c/i;
const ENCODED = /%([0-9A-Fa-f]{2})/g;
const UNRESERVED = /[A-Za-z0-9\-._~]/;
const DOT_SEGMENT = /\/\.{1,2}(?:\/|$)/;

/**
 * The one form of a path that is used for matching and for forwarding: encoded unreserved characters decoded, other
 * encodings in upper case (RFC 3986 §6.2.2). Null when it must be refused: `%00 %2f %5c \ ; # //`, dot segments in any
 * spelling, broken encodings, anything but visible ASCII.
 */
export function canonicalPath(raw: string): string | null {
  if (!raw.startsWith("/") || AMBIGUOUS.test(raw)) return null;
  let path = raw;
  if (raw.includes("%")) {
    if (PERCENT.test(raw)) return null;
    path = raw.replace(ENCODED, (encoded, hex: string) => {
      const character = String.fromCharCode(Number.parseInt(hex, 16));
      return UNRESERVED.test(character) ? character : encoded.toUpperCase();
    });
  }
  return DOT_SEGMENT.test(path) ? null : path;
}
