/** What stood in a drifted node, as far as it can be told. */
export type FoundValue =
  | { readonly kind: "nothing" }
  /** `byHand`: a document whose text was edited; its hash no longer fits, its spec can be read all the same. */
  | { readonly kind: "spec"; readonly spec: unknown; readonly byHand: boolean }
  | { readonly kind: "text"; readonly text: string };

/** From `DriftFinding.found`: nothing, a spec, or the text of what could not be taken for a document. */
export function foundValue(found: unknown): FoundValue {
  if (found === null || found === undefined) return { kind: "nothing" };
  if (typeof found !== "string") return { kind: "spec", spec: found, byHand: false };
  const spec = specInText(found);
  if (spec === undefined) return { kind: "text", text: found };
  return spec === null ? { kind: "nothing" } : { kind: "spec", spec, byHand: true };
}

function specInText(text: string): unknown {
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === "object" && document !== null && "spec" in document ? document.spec : undefined;
  } catch {
    return undefined;
  }
}
