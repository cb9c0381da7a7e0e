import type { Socket } from "node:net";
import type { GatewayOptions } from "../../start-gateway.ts";
import { startRawPeer } from "../peer.ts";
import { TestMesh } from "../test-mesh.ts";
import { converse, readAnswers, turn, type Conversation } from "../wire.ts";
import type { ResponseCase } from "./response-corpus.ts";
import { to } from "./request-case.ts";
import { routeEverythingTo } from "./trial-mesh.ts";

/** What a service does next when it is asked for anything but `/next`. */
export interface Script {
  readonly pieces: readonly string[];
  readonly closes: boolean;
}

/** A gateway in front of a service that answers with bytes it is given, and with `next` when asked for that. */
export class ResponseBench {
  readonly mesh: TestMesh;
  script: Script = { pieces: [], closes: false };
  /** Resolves when the script's last bytes are written. */
  written: Promise<void> = Promise.resolve();
  /** Number of the connection each request came on, in order. */
  readonly arrivals: { target: string; connection: number }[] = [];
  readonly sockets: Socket[] = [];

  static async start(options: Partial<GatewayOptions> = {}): Promise<ResponseBench> {
    const bench = new ResponseBench(await TestMesh.start(options));
    const peer = await startRawPeer((socket) => bench.#serve(socket));
    bench.mesh.peers.push(peer);
    bench.mesh.register({ service: "scripted", id: "scripted", port: peer.port });
    routeEverythingTo(bench.mesh, "scripted");
    return bench;
  }

  private constructor(mesh: TestMesh) {
    this.mesh = mesh;
  }

  get port(): number {
    return this.mesh.gateway.edgePort;
  }

  stop(): Promise<void> {
    return this.mesh.stop();
  }

  #serve(socket: Socket): void {
    const connection = this.sockets.push(socket) - 1;
    let unread = "";
    socket.setNoDelay(true).setEncoding("latin1");
    socket.on("data", (chunk) => {
      unread += String(chunk);
      for (let end = unread.indexOf("\r\n\r\n"); end !== -1; end = unread.indexOf("\r\n\r\n")) {
        const target = unread.split(" ")[1] ?? "";
        unread = unread.slice(end + 4);
        this.arrivals.push({ target, connection });
        if (target === "/next") socket.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext");
        else this.written = this.#play(socket, this.script);
      }
    });
  }

  async #play(socket: Socket, { pieces, closes }: Script): Promise<void> {
    for (const piece of pieces) {
      if (!socket.writable) return;
      socket.write(piece, "latin1");
      if (pieces.length > 1) await turn();
    }
    if (closes) socket.end();
  }
}

/** Longer ones are not sent byte by byte. */
const BYTEWISE_LIMIT = 300;

/**
 * Lets a service answer with a case's bytes whole, byte by byte, and cut in two at many places; asks for something else
 * each time afterwards. Returns what went wrong, one line each.
 */
export async function tryResponse(bench: ResponseBench, one: ResponseCase, cuts: number): Promise<string[]> {
  const wrong: string[] = [];
  for (const [name, pieces] of piecesOf(one, cuts)) {
    bench.script = { pieces, closes: one.closes };
    bench.arrivals.length = 0;
    const said = await ask(bench, one);
    const problem = problemOf(one, said);
    if (problem !== null) wrong.push(`${name}: ${problem}; got ${said.end} ${JSON.stringify(said.text.slice(0, 300))}`);
    await bench.written;
    // Whatever the service has sent is read before the next request is.
    for (let index = 0; index < 3; index += 1) await turn();
    const next = await converse(bench.port, [to("/next")], { enough: (text) => text.endsWith("next") });
    if (!next.text.startsWith("HTTP/1.1 200 ") || !next.text.endsWith("\r\n\r\nnext"))
      wrong.push(`${name}: the next request got ${JSON.stringify(next.text.slice(0, 300))}`);
    const [asked] = bench.arrivals;
    const nextAsked = bench.arrivals.at(-1);
    // A kept connection on which nothing at all came back may have been closed before: a GET is tried on another, once.
    const times = one.bytes === "" ? 3 : 2;
    if (bench.arrivals.length < 2 || bench.arrivals.length > times)
      wrong.push(`${name}: the service was asked ${bench.arrivals.length} times`);
    const mayReuse = one.expected.kind === "forwarded" && one.expected.reusable;
    if (!mayReuse && asked?.connection === nextAsked?.connection) wrong.push(`${name}: its connection was used again`);
  }
  return wrong;
}

function* piecesOf({ bytes }: ResponseCase, cuts: number): Generator<[string, readonly string[]]> {
  yield ["whole", [bytes]];
  if (bytes.length <= BYTEWISE_LIMIT) yield ["byte by byte", bytes.split("")];
  const places = bytes.length - 1;
  const count = Math.min(cuts, Math.max(0, places));
  for (let index = 0; index < count; index += 1) {
    const at = 1 + Math.floor((index * places) / count);
    yield [`cut at ${at}`, [bytes.slice(0, at), bytes.slice(at)]];
  }
}

function ask({ port }: ResponseBench, { method }: ResponseCase): Promise<Conversation> {
  return converse(port, [`${method} /case HTTP/1.1\r\nHost: a.test\r\n\r\n`], {
    enough: (text) => readAnswers(text, [method], false).answers[0]?.complete === true,
  });
}

/** Null when the client saw what it should. */
function problemOf({ method, expected }: ResponseCase, { text, end }: Conversation): string | null {
  if (end === "timeout") return "no answer, and the connection stayed open";
  const { answers, rest } = readAnswers(text, [method], end === "closed");
  const [answer] = answers;
  if (rest !== "") return `bytes that are no answer: ${JSON.stringify(rest.slice(0, 100))}`;
  if (answer === undefined) return expected.kind === "aborted" ? null : "no answer";
  const lines = answer.fields.map(([name, value]) => `${name}: ${value}`);
  const ours = answer.status === 502 && lines.includes("content-type: application/problem+json");
  switch (expected.kind) {
    case "refused":
      return ours && answer.complete ? null : `answered with ${answer.status}`;
    case "aborted":
      return ours || !answer.complete ? null : `looks complete, with ${answer.status}`;
    case "forwarded": {
      if (answer.status !== expected.status) return `answered with ${answer.status}`;
      if (!answer.complete) return "broken off";
      if (answer.body !== expected.body) return `with the body ${JSON.stringify(answer.body.slice(0, 100))}`;
      const missing = expected.has.find((line) => !lines.includes(line));
      if (missing !== undefined) return `without ${missing}`;
      const leaked = expected.lacks.find(
        (gone) => lines.includes(gone) || answer.fields.some(([name]) => name === gone),
      );
      return leaked === undefined ? null : `with ${leaked}`;
    }
  }
}
