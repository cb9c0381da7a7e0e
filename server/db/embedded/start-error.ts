/** What starting an embedded server failed on. The message names the thing and what to do about it. */
export class PostgresStartError extends Error {
  readonly reason: "port-taken" | "in-use" | "no-binaries" | "no-user" | "data" | "exited";
  constructor(reason: PostgresStartError["reason"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "PostgresStartError";
    this.reason = reason;
  }
}
