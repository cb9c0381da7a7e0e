/**
 * Characters that a browser does not draw, or that move what stands beside them: controls, bidirectional marks and
 * overrides, zero-width spaces and joiners, line separators, lone surrogates.
 */
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu;

/**
 * Text of unknown origin, as it may be shown: what cannot be seen is spelt out (`⟨U+202E⟩`), so that no two different
 * texts look alike and none can rearrange the page. Tabs and line ends stay.
 */
export function plainText(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
}
