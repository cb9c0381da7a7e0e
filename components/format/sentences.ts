/** A text's first sentence, and what follows it; empty when nothing does. */
export function firstSentence(text: string): { readonly first: string; readonly rest: string } {
  const [first = "", ...rest] = text.split(/(?<=[.]) /);
  return { first, rest: rest.join(" ") };
}
