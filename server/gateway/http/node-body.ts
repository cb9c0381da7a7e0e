import type { Readable } from "node:stream";
import type { BodySink } from "../body-stream.ts";
import type { IncomingBody } from "../incoming-body.ts";

interface Incoming extends Readable {
  readonly complete: boolean;
}

/** Body of a request that node:http or node:http2 reads. */
export class NodeBody implements IncomingBody {
  readonly #incoming: Incoming;
  #sink: BodySink | null = null;
  #ended = false;

  constructor(incoming: Incoming) {
    this.#incoming = incoming;
  }

  get complete(): boolean {
    return this.#incoming.complete;
  }

  get broken(): boolean {
    return this.#incoming.destroyed && !this.#incoming.complete;
  }

  read(sink: BodySink): void {
    if (this.#sink === null) {
      this.#incoming.on("data", (chunk: Buffer) => this.#sink?.write(chunk));
      this.#incoming.on("end", () => this.#end());
      this.#incoming.on("close", () => this.#close());
      this.#incoming.on("error", () => undefined);
    }
    this.#sink = sink;
    if (this.#incoming.destroyed) this.#close();
    else this.#incoming.resume();
  }

  pause(): void {
    this.#incoming.pause();
  }

  resume(): void {
    this.#incoming.resume();
  }

  #end(): void {
    this.#ended = true;
    this.#sink?.end();
  }

  #close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#sink?.fail();
  }
}
