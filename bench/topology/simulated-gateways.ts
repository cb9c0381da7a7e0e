/**
 * Gateways whose streams are real and whose traffic is not: one process serves them all, each on a path of its own, one
 * window a second, each at its own time within the second. Ends when its standard input does; prints its port.
 *
 *     node bench/topology/simulated-gateways.ts <gateways> <series each> <breakers each> <services of the mesh> [distinct]
 *
 * What a second holds was encoded beforehand, so that the process that is measured has the machine. With `distinct`, no
 * two gateways have a series in common.
 */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { GatewayFrames, Told, type KeptWindow } from "#telemetry/gateway-frames.ts";
import { simulatedBreakers, simulatedEdges, simulatedWindow } from "./simulated-mesh.ts";

const [gateways = 100, series = 1000, breakers = 50, services = 100] = process.argv.slice(2, 6).map(Number);
const isDistinct = process.argv[6] === "distinct";
const VARIANTS = 4;
const START_MS = Date.now();
/** Gateways that carry the same series. */
const GROUPS = Math.min(gateways, 20);

interface Reader {
  readonly response: ServerResponse;
  readonly told: Told;
  readonly packed: boolean;
}

/** What gateways of one group send. */
class Group {
  readonly frames = new GatewayFrames();
  readonly #kept: KeptWindow[];
  readonly #plain: string[];

  constructor(number: number) {
    const windows = Array.from({ length: VARIANTS }, (_, variant) => {
      const first = number * Math.floor((services * 20) / GROUPS);
      const edges = simulatedEdges({ services }, first, series, variant);
      const own = isDistinct ? edges.map((edge) => ({ ...edge, instance: `${edge.instance}-of-${number}` })) : edges;
      const readings = simulatedBreakers(`gateway-${number}`, breakers, variant + 1, START_MS + variant * 1000);
      return simulatedWindow("", variant + 1, 0, own, readings);
    });
    this.#kept = windows.map((window) => this.frames.keep(window, 1));
    this.#plain = windows.map(
      (window) => `"breakers":${JSON.stringify(window.breakers)},"edges":${JSON.stringify(window.edges)}`,
    );
  }

  frame(head: object, sequence: number, { told, packed }: Reader): Buffer | string {
    const variant = sequence % VARIANTS;
    const kept = this.#kept[variant];
    if (kept === undefined) throw new Error("every variant was made");
    const text = JSON.stringify(head);
    if (packed) return this.frames.packedFrame({ ...kept, sequence, head: Buffer.from(text) }, told);
    return `event: window\nid: ${sequence}\ndata: ${text.slice(0, -1)},${this.#plain[variant] ?? ""}}\n\n`;
  }
}

class Gateway {
  readonly #id: string;
  readonly #group: Group;
  readonly #readers = new Set<Reader>();
  #sequence = 0;

  constructor(id: string, group: Group) {
    this.#id = id;
    this.#group = group;
    setTimeout(() => setInterval(() => this.#close(), 1000), Math.random() * 1000);
  }

  attach(response: ServerResponse, packed: boolean): void {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const at = { oldest: this.#sequence, latest: this.#sequence };
    const hello = { run: `run of ${this.#id}`, ...at, ...(packed && { format: 2 }) };
    response.write(`event: hello\ndata: ${JSON.stringify(hello)}\n\n`);
    const reader = { response, packed, told: new Told() };
    this.#readers.add(reader);
    response.on("close", () => this.#readers.delete(reader));
  }

  #close(): void {
    this.#sequence += 1;
    const endMs = Date.now();
    const { edges: _, breakers: __, ...head } = simulatedWindow(this.#id, this.#sequence, endMs, [], []);
    for (const reader of this.#readers) {
      // A reader that cannot keep up loses windows here as it does with a gateway.
      if (!reader.response.writableNeedDrain) reader.response.write(this.#group.frame(head, this.#sequence, reader));
    }
  }
}

const groups = Array.from({ length: isDistinct ? gateways : GROUPS }, (_, n) => new Group(n));
const all = new Map(
  Array.from({ length: gateways }, (_, n) => {
    const group = groups[n % groups.length];
    if (group === undefined) throw new Error("there are groups");
    return [`gateway-${n}`, new Gateway(`gateway-${n}`, group)];
  }),
);
const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://localhost");
  const gateway = all.get(url.pathname.split("/")[1] ?? "");
  if (gateway === undefined) response.writeHead(404).end();
  else gateway.attach(response, url.searchParams.get("format") === "2");
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const address = server.address();
process.stdout.write(`${typeof address === "object" && address !== null ? address.port : 0}\n`);
process.stdin.resume();
process.stdin.once("end", () => process.exit(0));
