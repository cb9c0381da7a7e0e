/** A segment of a template that takes any one segment: `{id}`. */
const PARAMETER = /^\{([A-Za-z_][A-Za-z0-9_]{0,31})\}$/;

/** Why a text is no path template such as `/orders/{id}/items`; null when it is one. */
export function templateProblem(template: string): string | null {
  const names = new Set<string>();
  for (const segment of template.split("/").slice(1)) {
    if (!/[{}]/.test(segment)) continue;
    const name = PARAMETER.exec(segment)?.[1];
    if (name === undefined) return `${segment}: a parameter takes a whole segment, such as {id}`;
    if (names.has(name)) return `{${name}} stands twice`;
    names.add(name);
  }
  return names.size === 0 ? "Name at least one parameter, such as {id}; without one, use exact or prefix" : null;
}

/** The parameter's name if a segment of a template is one, else null. */
export function parameterOf(segment: string): string | null {
  return PARAMETER.exec(segment)?.[1] ?? null;
}
