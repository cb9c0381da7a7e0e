/** Characters that servers read differently, and that a route may ask to let through nevertheless. */
export const PATH_OPT_INS = ["encoded-slash", "encoded-backslash", "semicolon", "double-slash"] as const;
export type PathOptIn = (typeof PATH_OPT_INS)[number];

export interface CanonicalPath {
  readonly path: string;
  /** What a route must have opted into for the path to be let through; empty for an ordinary one. */
  readonly needs: readonly PathOptIn[];
}

/** Never in a path that is matched here and then read by somebody else: parsers disagree about them. */
const AMBIGUOUS = /[\\#]|[^\x21-\x7e]/;
const BROKEN = /%(?![0-9A-Fa-f]{2})|%00/;
const ENCODED = /%([0-9A-Fa-f]{2})/g;
const UNRESERVED = /[A-Za-z0-9\-._~]/;
/** A dot segment also where a parameter follows it: some servers cut `/..;x/` down to `/../`. */
const DOT_SEGMENT = /\/\.{1,2}(?:[/;]|$)|%(?:2F|5C)\.{1,2}(?:[/;%]|$)|\/\.{1,2}%(?:2F|5C)/;
const NOTHING: readonly PathOptIn[] = [];

/**
 * The one form of a path that is used for matching and for forwarding: encoded unreserved characters decoded, other
 * encodings in upper case (RFC 3986 §6.2.2). Null when it must be refused whatever a route says: `%00 \ #`, dot segments
 * in any spelling, broken encodings, anything but visible ASCII.
 */
export function canonicalPath(raw: string): CanonicalPath | null {
  if (!raw.startsWith("/") || AMBIGUOUS.test(raw)) return null;
  let path = raw;
  if (raw.includes("%")) {
    if (BROKEN.test(raw)) return null;
    path = raw.replace(ENCODED, (encoded, hex: string) => {
      const character = String.fromCharCode(Number.parseInt(hex, 16));
      return UNRESERVED.test(character) ? character : encoded.toUpperCase();
    });
  }
  return DOT_SEGMENT.test(path) ? null : { path, needs: needsOf(path) };
}

function needsOf(path: string): readonly PathOptIn[] {
  if (!path.includes("//") && !path.includes(";") && !path.includes("%")) return NOTHING;
  const needs: PathOptIn[] = [];
  if (path.includes("%2F")) needs.push("encoded-slash");
  if (path.includes("%5C")) needs.push("encoded-backslash");
  if (path.includes(";")) needs.push("semicolon");
  if (path.includes("//")) needs.push("double-slash");
  return needs;
}
