/** How long a listener waits for its clients, ms. */
export interface ListenerTimeouts {
  /** From the first byte of a request (or the opening of a connection) to the end of its head. */
  readonly headersMs: number;
  /** For a whole request to arrive, and for its answer to be taken. */
  readonly requestMs: number;
  /** Between requests. */
  readonly keepAliveMs: number;
  /** For a client to make room when it does not read its answer. */
  readonly writeStallMs: number;
}

export const LISTENER_TIMEOUTS: ListenerTimeouts = {
  headersMs: 10_000,
  requestMs: 300_000,
  keepAliveMs: 65_000,
  writeStallMs: 30_000,
};
