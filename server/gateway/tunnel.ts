import type { Duplex } from "node:stream";
import { Deadline, type DeadlineWheel } from "./deadline-wheel.ts";
import type { Tunnel } from "./exchange.ts";
import { FrameWatch } from "./websocket-frames.ts";

/** How long a side that was told of the end may take to end its own, ms. */
const LINGER_MS = 2000;
/** Close frame with status 1001, "going away" (RFC 6455 §7.4.1), unmasked as a server sends it. */
const GOING_AWAY = Buffer.from([0x88, 0x02, 0x03, 0xe9]);

/**
 * Joins a client's connection with a service's: bytes pass both ways, each side no faster than the other takes them, until
 * both have ended, one breaks, or neither has said anything for `idleMs`.
 */
export class OpenTunnel {
  readonly #client: Duplex;
  readonly #service: Duplex;
  readonly #idle: Deadline;
  readonly #wheel: DeadlineWheel;
  readonly #idleMs: number;
  readonly #frames = new FrameWatch();
  readonly #onClose: () => void;
  #bytesOut = 0;
  #ends = 0;
  #over = false;

  constructor(client: Duplex, tunnel: Tunnel, wheel: DeadlineWheel, onClose: () => void) {
    this.#client = client;
    this.#service = tunnel.socket;
    this.#wheel = wheel;
    this.#idleMs = tunnel.idleMs;
    this.#onClose = () => {
      tunnel.onClose(this.#bytesOut);
      onClose();
    };
    this.#idle = new Deadline(() => this.#finish());
    wheel.arm(this.#idle, this.#idleMs);
    this.#join(client, tunnel.socket, () => undefined);
    this.#join(tunnel.socket, client, (chunk) => {
      this.#bytesOut += chunk.length;
      this.#frames.take(chunk);
    });
    if (tunnel.first.length > 0) {
      this.#frames.take(tunnel.first);
      client.write(tunnel.first);
    }
  }

  /** The gateway stops: the client is told so, if that does not tear a message apart. */
  goAway(): void {
    if (this.#over) return;
    if (this.#frames.between) this.#client.end(GOING_AWAY);
    this.#service.destroy();
    this.#finish();
  }

  #join(from: Duplex, to: Duplex, onChunk: (chunk: Buffer) => void): void {
    from.on("data", (chunk: Buffer) => {
      this.#wheel.arm(this.#idle, this.#idleMs);
      onChunk(chunk);
      if (!to.write(chunk)) from.pause();
    });
    to.on("drain", () => from.resume());
    from.on("end", () => {
      to.end();
      this.#ends += 1;
      if (this.#ends === 2) this.#finish();
    });
    from.on("error", () => this.#finish());
    from.on("close", () => this.#finish());
    from.resume();
  }

  /** One that was ended may still have something to say, but not for ever. */
  #letGo(socket: Duplex): void {
    if (!socket.writableEnded) return void socket.destroy();
    const linger = new Deadline(() => socket.destroy());
    this.#wheel.arm(linger, LINGER_MS);
    socket.once("close", () => this.#wheel.disarm(linger));
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#wheel.disarm(this.#idle);
    this.#letGo(this.#client);
    this.#letGo(this.#service);
    this.#onClose();
  }
}
