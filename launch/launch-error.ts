/** Something that stands in the way of starting, told so that the person at the terminal can mend it. */
export class LaunchError extends Error {
  /** What to do about it, one remedy a line; names the variable that changes it. */
  readonly remedies: readonly string[];

  constructor(problem: string, remedies: readonly string[] = [], cause?: unknown) {
    super(problem, { cause });
    this.name = "LaunchError";
    this.remedies = remedies;
  }
}

/** The error as printed: expected ones without a stack, with their remedies; unexpected ones with everything known. */
export function explain(error: unknown): string {
  if (error instanceof LaunchError)
    return [error.message, ...error.remedies.map((remedy) => `  → ${remedy}`)].join("\n");
  if (error instanceof Error && error.name === "SettingsError") return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
