/**
 * True when the whole text fits the pattern, whatever the case; `*` stands for any characters. In time proportional to
 * both lengths' product at worst: patterns are typed by people, but names come from whoever registers.
 */
export function fitsWildcard(text: string, pattern: string): boolean {
  const subject = text.toLowerCase();
  const [first = "", ...rest] = pattern.toLowerCase().split("*");
  const last = rest.pop();
  if (last === undefined) return subject === first;
  if (!subject.startsWith(first) || subject.length < first.length + last.length || !subject.endsWith(last))
    return false;
  let at = first.length;
  for (const piece of rest) {
    const found = subject.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return at <= subject.length - last.length;
}

/** True when the text holds the words, whatever the case. */
export function holdsText(text: string, words: string): boolean {
  return text.toLowerCase().includes(words.toLowerCase());
}
