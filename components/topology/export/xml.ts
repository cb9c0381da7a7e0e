const NAMES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * A text as it may stand in XML, between tags and in attributes. Characters that XML 1.0 has no way to write (most
 * control characters, lone halves of surrogate pairs, U+FFFE and U+FFFF) become U+FFFD, so that a hostile name cannot
 * make a file that nobody opens.
 */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"']/g, (sign) => NAMES[sign] ?? sign);
}
