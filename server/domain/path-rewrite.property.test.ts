import fc from "fast-check";
import { expect, it } from "vitest";
import { canonicalPath } from "./canonical-path.ts";
import { pathRewriteProblem, withPrefixReplaced } from "./path-rewrite.ts";
import { compileTemplate } from "./value-template.ts";

const Piece = fc.oneof(
  fc.constantFrom(".", "..", "%2F", "%2f", "%5C", "%2e", ";", "a", "b", "%25", "2F", "%C3%A9", "{a}", "{b}", "~", "/"),
  fc.string({ maxLength: 3 }),
);
const Path = fc.array(Piece, { maxLength: 8 }).map((pieces) => `/${pieces.join("")}`);

it("whatever a route's author and a client write, what is sent has one reading or is not sent", () => {
  fc.assert(
    fc.property(Path, Path, Path, (author, ...clients) => {
      const segments = clients.map((path) => canonicalPath(path)?.path.split("/")[1]);
      const [a, b] = segments;
      if (pathRewriteProblem(author) !== null || a === undefined || b === undefined) return;
      const filled = compileTemplate<Record<string, string>>(
        author,
        (name) => (values) => values[name] ?? null,
      )({ a, b });
      const sent = filled === null ? null : canonicalPath(filled);
      if (sent === null) return;
      // Saying it once more changes nothing: matching and forwarding would read it alike.
      expect(canonicalPath(sent.path)).toEqual(sent);
      expect(sent.path).not.toMatch(/(?:^|\/|%2F|%5C)\.{1,2}(?:\/|;|%2F|%5C|$)/i);
    }),
    { numRuns: 2000 },
  );
});

it("a replaced prefix leaves the rest as it was", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 5 }), fc.nat(5), (names, taken) => {
      const prefix = names
        .slice(0, taken)
        .map((name) => `/${name}`)
        .join("");
      const rest = names
        .slice(taken)
        .map((name) => `/${name}`)
        .join("");
      expect(withPrefixReplaced(prefix + rest, prefix, "/new/")).toBe(`/new${rest}`);
    }),
  );
});
