/** Takes a body, in order; says with `false` that it needs a pause. */
export interface BodySink {
  /** `chunk` may be overwritten once this returns: what is kept of it must be copied. */
  write(chunk: Buffer): boolean;
  end(): void;
  /** The body broke off: whoever is reading must be able to tell. */
  fail(): void;
}

/** A body on its way through, either way: held back until somebody takes or discards it. */
export interface BodyStream {
  start(sink: BodySink): void;
  /** After a pause the sink asked for. */
  resume(): void;
  /** Nobody wants it (another answer is sent instead), or its reader has gone. */
  discard(): void;
}
