/** A connection the console depends on. `sinceMs` is when the present state began (Unix epoch). */
export interface LinkStatus {
  readonly state: "up" | "connecting" | "down";
  readonly sinceMs: number;
  /** What is wrong, for people; empty when up. */
  readonly problem: string;
}
