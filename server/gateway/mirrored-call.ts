import type { Duplex } from "node:stream";
import { Deadline, type DeadlineWheel } from "./deadline-wheel.ts";
import type { MeshInstance } from "./mesh.ts";
import type { UpstreamClient, UpstreamExchange, UpstreamHandler, UpstreamRequest } from "./upstream/upstream.ts";

/** An answer is read to its end up to here, to keep the connection; above, the connection is cut. */
const DRAIN_BYTES = 64 * 1024;

/** Whether a copy was answered, however. */
export type CopyOutcome = "answered" | "failed";

/** A call whose answer nobody waits for: it is read and thrown away. */
export class MirroredCall implements UpstreamHandler {
  readonly #wheel: DeadlineWheel;
  readonly #deadline: Deadline;
  readonly #onOver: (outcome: CopyOutcome) => void;
  #call: UpstreamExchange | null = null;
  #answered = false;
  #over = false;
  #bytes = 0;

  /** `onOver` is told once. */
  constructor(wheel: DeadlineWheel, onOver: (outcome: CopyOutcome) => void) {
    this.#wheel = wheel;
    this.#onOver = onOver;
    this.#deadline = new Deadline(() => this.#cut());
  }

  begin(upstreams: UpstreamClient, instance: MeshInstance, request: UpstreamRequest, withinMs: number): void {
    this.#wheel.arm(this.#deadline, withinMs);
    this.#call = upstreams.send(instance, request, this);
  }

  onSent(): void {
    // Its time runs from the beginning, whatever part of it sending takes.
  }

  onHead(): void {
    this.#answered = true;
  }

  onData(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > DRAIN_BYTES) this.#cut();
  }

  onEnd(): void {
    this.#end();
  }

  onFailure(): void {
    this.#end();
  }

  onUpgrade(_headers: string[], socket: Duplex): void {
    socket.destroy();
    this.#end();
  }

  #cut(): void {
    this.#call?.abort();
    this.#end();
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#wheel.disarm(this.#deadline);
    this.#onOver(this.#answered ? "answered" : "failed");
  }
}
