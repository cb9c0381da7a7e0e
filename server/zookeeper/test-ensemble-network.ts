import { connect as connectTcp, createServer, type Server, type Socket } from "node:net";

/** Where one member of an ensemble finds another. */
export interface MemberPorts {
  readonly quorumPort: number;
  readonly electionPort: number;
}

/** The network between the members of an ensemble, link by link. Members are counted from 0. */
export interface EnsembleNetwork {
  /** Ports by which member `from` finds member `to`, whose own are `real`. */
  link(from: number, to: number, real: MemberPorts): Promise<MemberPorts>;
  /** Nothing passes between this member and the others any more, or this one other; connections stay. */
  cutOff(member: number, other?: number): void;
  /** Everything passes again; connections that lost something are cut. */
  heal(): void;
  stop(): Promise<void>;
}

interface Wire {
  readonly ends: readonly [number, number];
  readonly sockets: Set<Socket>;
  server: Server;
  isCut: boolean;
}

const HOST = "127.0.0.1";
/** `-65536`, an id, a length, and the address by which the sender wants to be called back (QuorumCnxManager.InitialMessage). */
const GREETING_HEADER = 20;

/**
 * A member that is called by one of a lower id hangs up and calls back, at the address it was told: so that this too
 * passes through here, the address in the greeting is replaced by that of the link which leads back.
 */
export function openEnsembleNetwork(): EnsembleNetwork {
  const wires: Wire[] = [];
  /** Election ports of links, by `from to`. */
  const elections = new Map<string, number>();

  async function lay(ends: Wire["ends"], port: number, greeting?: (bytes: Buffer) => Buffer): Promise<number> {
    const wire: Wire = { ends, sockets: new Set(), isCut: false, server: createServer() };
    wire.server.on("connection", (caller: Socket) => carry(wire, caller, port, greeting));
    await new Promise<void>((done) => wire.server.listen(0, HOST, done));
    wires.push(wire);
    const address = wire.server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return address.port;
  }

  return {
    async link(from, to, real) {
      const electionPort = await lay([from, to], real.electionPort, (bytes) =>
        calledBackAt(bytes, elections.get(`${to} ${from}`)),
      );
      elections.set(`${from} ${to}`, electionPort);
      return { quorumPort: await lay([from, to], real.quorumPort), electionPort };
    },
    cutOff(member, other) {
      for (const wire of wires)
        if (wire.ends.includes(member) && (other === undefined || wire.ends.includes(other))) wire.isCut = true;
    },
    heal() {
      for (const wire of wires.filter(({ isCut }) => isCut)) {
        wire.isCut = false;
        for (const socket of wire.sockets) socket.destroy();
      }
    },
    async stop() {
      for (const { server, sockets } of wires) {
        const closed = new Promise((done) => server.close(done));
        for (const socket of sockets) socket.destroy();
        await closed;
      }
    },
  };
}

function carry(wire: Wire, caller: Socket, port: number, greeting?: (bytes: Buffer) => Buffer): void {
  const called = connectTcp(port, HOST);
  let isFirst = true;
  for (const socket of [caller, called]) {
    wire.sockets.add(socket);
    socket.setNoDelay(true).on("error", () => {});
  }
  caller.on("data", (bytes) => {
    if (wire.isCut) return;
    called.write(isFirst && greeting !== undefined ? greeting(bytes) : bytes);
    isFirst = false;
  });
  called.on("data", (bytes) => void (wire.isCut || caller.write(bytes)));
  // An end does not pass a cut wire either.
  caller.on("close", () => void (wire.sockets.delete(caller), wire.isCut || called.destroy()));
  called.on("close", () => void (wire.sockets.delete(called), wire.isCut || caller.destroy()));
}

/** @throws Error when the bytes are not a whole greeting: on loopback it arrives in one piece, or this has to be mended. */
function calledBackAt(bytes: Buffer, port: number | undefined): Buffer {
  const length = bytes.length < GREETING_HEADER ? -1 : bytes.readInt32BE(GREETING_HEADER - 4);
  if (port === undefined || bytes.length < GREETING_HEADER + length || length < 0)
    throw new Error("a member of the ensemble greets in another way");
  const address = Buffer.from(`${HOST}:${port}`);
  const head = Buffer.from(bytes.subarray(0, GREETING_HEADER));
  head.writeInt32BE(address.length, GREETING_HEADER - 4);
  return Buffer.concat([head, address, bytes.subarray(GREETING_HEADER + length)]);
}
