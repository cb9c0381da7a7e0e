/** Labels as one types them: `version=2, zone=a`. */
export function labelsToText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => (value === "" ? key : `${key}=${value}`))
    .join(", ");
}

/** The labels a text stands for. What has no `=` becomes a label without value, which the schema refuses by name. */
export function textToLabels(text: string): Record<string, string> {
  const entries = text.split(",").flatMap((part): [string, string][] => {
    const trimmed = part.trim();
    if (trimmed === "") return [];
    const equals = trimmed.indexOf("=");
    return equals === -1 ? [[trimmed, ""]] : [[trimmed.slice(0, equals).trim(), trimmed.slice(equals + 1).trim()]];
  });
  return Object.fromEntries(entries);
}
