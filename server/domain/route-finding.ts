/** Something about a route that its owner should know. */
export interface Finding {
  readonly routeId: string;
  /** `error`: a part of it has no effect. `warning`: probably not what was meant, or risky. `note`: good to know. */
  readonly severity: "error" | "warning" | "note";
  readonly code: FindingCode;
  /** For people: what is the matter, and what to do. */
  readonly message: string;
  /** Which part of the spec, as in `matches.0`. */
  readonly field?: string;
  readonly otherRouteId?: string;
}

export type FindingCode =
  | "never-wins"
  | "contradiction"
  | "tie"
  | "disabled"
  | "unknown-service"
  | "idle-destination"
  | "catches-everything"
  | "faults"
  | "mirrors-everything"
  | "any-origin"
  | "retries-any-method"
  | "try-outlasts-request"
  | "ambiguous-paths"
  | "body-limit-without-body";
