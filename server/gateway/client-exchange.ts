import type { Reply } from "./exchange.ts";
import type { Sender } from "./forwarding.ts";
import type { IncomingBody } from "./incoming-body.ts";

/** A client's side of one exchange, whatever protocol it speaks. */
export interface ClientExchange {
  readonly remoteAddress: string;
  readonly localPort: number;
  readonly scheme: "http" | "https";
  /** Whoever serves its requests may note here who sends them; null to begin with. */
  sender: Sender | null;
  /** Null when it is certain that there is none. */
  readonly body: IncomingBody | null;
  /** Told once: the last byte was sent (`finished`), or the client has gone. `status`: 499 when it went before an answer. */
  onClose: ((finished: boolean, status: number) => void) | null;
  /** Says that the body may come, where the client waits for that. */
  invite(): void;
  /** Sends the answer. `last`: the connection is closed behind it. Once. */
  answer(reply: Reply, last: boolean): void;
  /** Breaks the connection, so that nothing half-said looks whole. */
  destroy(): void;
}
