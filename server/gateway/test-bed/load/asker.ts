import { connect, type Socket } from "node:net";
import { readAnswers, turn, valuesOf, type WireAnswer } from "../wire.ts";

/** What a run of requests came to. */
export interface Tally {
  answered: number;
  /** Requests that were sent and not answered, or answered with anything but 200. */
  readonly failures: string[];
}

/** Keeps failures from filling the memory; the first few tell enough. */
const MAX_FAILURES = 20;

/**
 * A client that sends one request after another on a connection it keeps, as careful clients do: it goes to another
 * gateway when a connection is refused, before anything is sent, and never sends a request twice.
 */
class Asker {
  readonly #ports: readonly number[];
  readonly #chunked: boolean;
  #at: number;
  #socket: Socket | null = null;
  #text = "";
  #settle: ((answer: WireAnswer | string) => void) | null = null;

  /** `chunked`: with a body that only node:http reads. */
  constructor(ports: readonly number[], first: number, chunked: boolean) {
    this.#ports = ports;
    this.#chunked = chunked;
    this.#at = first % ports.length;
  }

  /** The answer; a text says why there is none. Null when nobody takes connections. */
  async ask(target: string): Promise<WireAnswer | string | null> {
    const socket = await this.#connected();
    if (socket === null) return null;
    return new Promise((resolve) => {
      this.#settle = resolve;
      socket.write(
        this.#chunked
          ? `PUT ${target} HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`
          : `GET ${target} HTTP/1.1\r\nHost: a.test\r\n\r\n`,
      );
    });
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = null;
  }

  async #connected(): Promise<Socket | null> {
    if (this.#socket !== null) return this.#socket;
    for (let tried = 0; tried < this.#ports.length; tried += 1) {
      const port = this.#ports[this.#at] ?? 0;
      const socket = await open(port);
      if (socket !== null) return this.#use(socket);
      this.#at = (this.#at + 1) % this.#ports.length;
    }
    return null;
  }

  #use(socket: Socket): Socket {
    this.#socket = socket;
    this.#text = "";
    socket.setEncoding("latin1").setNoDelay(true);
    socket.on("data", (chunk) => this.#read(String(chunk)));
    socket.on("error", () => undefined);
    const gone = (): void => {
      if (this.#socket !== socket) return;
      this.close();
      this.#done(`the connection ended after ${JSON.stringify(this.#text.slice(0, 100))}`);
    };
    socket.on("end", gone).on("close", gone);
    return socket;
  }

  #read(chunk: string): void {
    this.#text += chunk;
    const [answer] = readAnswers(this.#text, ["GET"], false).answers;
    if (answer?.complete !== true) return;
    this.#text = "";
    if (valuesOf(answer.fields, "connection").some((value) => value === "close")) this.close();
    this.#done(answer);
  }

  #done(answer: WireAnswer | string): void {
    const settle = this.#settle;
    this.#settle = null;
    settle?.(answer);
  }
}

/** Null when it is refused, which a port that closes in this moment may say only after the kernel has said yes. */
function open(port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", () => resolve(null));
    socket.once("connect", () => {
      void (async () => {
        for (let index = 0; index < 3; index += 1) await turn();
        resolve(socket.readable && socket.writable ? socket.removeAllListeners("error") : null);
      })();
    });
  });
}

export interface Asking {
  readonly ports: () => readonly number[];
  readonly clients: number;
  readonly goesOn: () => boolean;
  readonly target: (index: number) => string;
  /** Null when the answer is right. */
  readonly check: (target: string, answer: WireAnswer) => string | null;
  /** Whether a client that finds every gateway closed is at its end, rather than failing. */
  readonly endsWhenRefused?: boolean;
}

/** Lets clients ask one thing after another, all at the same time. */
export async function keepAsking(asking: Asking): Promise<Tally> {
  const tally: Tally = { answered: 0, failures: [] };
  const { clients, goesOn, target, check, endsWhenRefused = false } = asking;
  const fail = (what: string): void => {
    if (tally.failures.length < MAX_FAILURES) tally.failures.push(what);
  };
  let asked = 0;
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      const asker = new Asker(asking.ports(), client, client % 4 === 3);
      while (goesOn()) {
        const wanted = target((asked += 1));
        const answer = await asker.ask(wanted);
        if (answer === null && endsWhenRefused) break;
        if (answer === null || typeof answer === "string") fail(`${wanted}: ${answer ?? "nobody takes connections"}`);
        else if (answer.status !== 200) fail(`${wanted}: ${answer.status} ${answer.body.slice(0, 200)}`);
        else {
          tally.answered += 1;
          const wrong = check(wanted, answer);
          if (wrong !== null) fail(`${wanted}: ${wrong}`);
        }
      }
      asker.close();
    }),
  );
  return tally;
}
