import type { BodySink } from "./body-stream.ts";

/** A client's body as its connection delivers it. Nothing of it is read before `read` is called. */
export interface IncomingBody {
  /** True when all of it has arrived. */
  readonly complete: boolean;
  /** True when it broke off: the client went away in the middle. */
  readonly broken: boolean;
  /** From now on pieces go to `sink`, instead of to whom they went before. A `false` from it is for the caller to act on. */
  read(sink: BodySink): void;
  /** No more pieces for now. */
  pause(): void;
  resume(): void;
}
