import type { Duplex } from "node:stream";
import type { MeshInstance } from "../mesh.ts";
import type { BodyStream } from "../body-stream.ts";

/** A request to send to an instance, exactly as it is. */
export interface UpstreamRequest {
  readonly method: string;
  /** Origin-form: path and query. */
  readonly target: string;
  /** Name, value, name, value; lower case; with `host` and, where there is a body, its framing is added by the client. */
  readonly headers: readonly string[];
  readonly body: Buffer | BodyStream | null;
  /** Bytes of a streamed body when known beforehand; else it is sent chunked. */
  readonly contentLength: number | null;
  /** Asks for a WebSocket: `101` is then a good answer. */
  readonly upgrade: boolean;
}

/** Why there was no answer, or no end of one. */
export type UpstreamFailure =
  /** The address may not be connected to. */
  | "address-refused"
  /** No connection: nothing was sent. */
  | "connect"
  /** The connection ended before the head of an answer. */
  | "reset"
  /** The answer cannot be read, or could be read in two ways. */
  | "protocol"
  /** The body of the answer broke off. */
  | "truncated"
  /** The request's own body broke off: the client went away. */
  | "request-body";

/** Hears of one call. After `onEnd`, `onFailure` or `onUpgrade` nothing more comes; after an abort neither. */
export interface UpstreamHandler {
  /** The last byte of the request was written. */
  onSent(): void;
  /** `headers`: name, value, …; names in lower case, hop-by-hop fields and framing still in. */
  onHead(status: number, headers: string[], contentLength: number | null): void;
  /** `chunk` may be overwritten once this returns. */
  onData(chunk: Buffer): void;
  onEnd(): void;
  onFailure(failure: UpstreamFailure): void;
  /** `101` came: the connection is the caller's now, with what arrived behind the head. */
  onUpgrade(headers: string[], socket: Duplex, first: Buffer): void;
}

/** One call in flight. */
export interface UpstreamExchange {
  pause(): void;
  resume(): void;
  /** Ends it, and cuts its connection unless the answer was complete. */
  abort(): void;
}

/** Connections to instances, and calls over them. One call at a time on each connection. */
export interface UpstreamClient {
  send(instance: MeshInstance, request: UpstreamRequest, handler: UpstreamHandler): UpstreamExchange;
}
