import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

/*
 * Sends requests at a fixed rate, whether or not earlier ones have been answered, and says how long answers took, µs. A
 * generator that waits for answers asks a slow proxy less often, and so spares it the queue that clients would stand in.
 */
const Options = z.object({
  port: z.int(),
  path: z.string(),
  perSecond: z.int(),
  warmUpS: z.number(),
  seconds: z.number(),
});
const { port, path, perSecond, warmUpS, seconds } = Options.parse(JSON.parse(process.argv[2] ?? ""));

const REQUEST = Buffer.from(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`);
const OK = "HTTP/1.1 200";
const HEAD_END = "\r\n\r\n";
/** As many as the other loads have. */
const CONNECTIONS = 64;
/** Time for the last answers to come in: a proxy that cannot keep up is late, and that is what is measured. */
const GRACE_MS = 15_000;

/** A request is as old as the moment it was to be sent, wherever it had to wait. */
interface Due {
  readonly atMs: number;
  readonly counts: boolean;
}

const waiting: Due[] = [];
const idle: Connection[] = [];
const tookUs: number[] = [];
let sent = 0;
let answered = 0;
let refused = 0;

/** Asks again when it has its answer: never two questions at once. */
class Connection {
  readonly #socket: Socket = connect({ port, host: "127.0.0.1", noDelay: true });
  #received = "";
  #asked: Due | null = null;

  constructor() {
    this.#socket.on("data", (bytes) => this.#read(bytes));
    this.#socket.on("error", () => undefined);
  }

  ask(due: Due): void {
    this.#asked = due;
    this.#socket.write(REQUEST);
  }

  /** Answers have no body. */
  #read(bytes: Buffer): void {
    this.#received += bytes.toString("latin1");
    if (!this.#received.endsWith(HEAD_END)) return;
    const ok = this.#received.startsWith(OK);
    this.#received = "";
    if (!ok) refused += 1;
    if (this.#asked?.counts === true && ok) {
      answered += 1;
      tookUs.push((performance.now() - this.#asked.atMs) * 1000);
    }
    const next = waiting.shift();
    if (next === undefined) idle.push(this);
    else this.ask(next);
  }
}

/** Every millisecond what has become due. */
async function keepAsking(forS: number, counts: boolean): Promise<void> {
  const startedMs = performance.now();
  const total = Math.round(forS * perSecond);
  for (let asked = 0; asked < total;) {
    await sleep(1);
    const atMs = performance.now();
    const due = Math.min(total, Math.floor(((atMs - startedMs) / 1000) * perSecond));
    for (; asked < due; asked += 1) {
      if (counts) sent += 1;
      const connection = idle.pop();
      if (connection === undefined) waiting.push({ atMs, counts });
      else connection.ask({ atMs, counts });
    }
  }
}

for (let count = 0; count < CONNECTIONS; count += 1) idle.push(new Connection());
await keepAsking(warmUpS, false);
await keepAsking(seconds, true);
for (const giveUpAt = performance.now() + GRACE_MS; answered + refused < sent && performance.now() < giveUpAt;)
  await sleep(10);
tookUs.sort((a, b) => a - b);
const quantile = (share: number): number => tookUs[Math.floor(tookUs.length * share)] ?? 0;
process.stdout.write(
  `${JSON.stringify({ p50Us: quantile(0.5), p99Us: quantile(0.99), refused, lost: Math.max(0, sent - answered - refused) })}\n`,
);
process.exit(0);
