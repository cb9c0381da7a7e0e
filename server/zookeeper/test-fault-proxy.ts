import { createServer, connect as connectTcp, type Socket } from "node:net";

/** A bad network, and a server that answers wrongly, between clients and a real server. */
export interface FaultProxy {
  readonly address: string;
  /** Nothing passes either way; connections stay, and new ones are taken. */
  blackHole(on: boolean): void;
  /** Cuts each new connection as soon as its client has spoken. */
  refuse(on: boolean): void;
  /** Answers with bytes of another protocol. */
  babble(on: boolean): void;
  /** Cuts every present connection. */
  cut(): void;
  /** Cuts each connection after so many bytes from the server, in the middle of a frame if need be. */
  cutAfter(bytes: number): void;
  /** Sends these bytes to the clients, as if the server had. */
  inject(bytes: Buffer): void;
  /** Every answer to a call carries this error instead; null: answers are the server's own. */
  answerWith(code: number | null): void;
  /** Clients connected just now. */
  connections(): number;
  /** Connections taken so far. */
  accepted(): number;
  /** Types of the requests on the latest connection, in order; the one that opens a session has none. */
  requests(): readonly number[];
  stop(): Promise<void>;
}

/** Operation codes (ZooDefs.OpCode). */
export const OP = { exists: 3, getData: 4, auth: 100, setWatches: 101 } as const;

const HEADER_BYTES = 20;

/** @param target `host:port` of the real server. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const [host = "", port = ""] = target.split(":");
  let hole = false;
  let refusing = false;
  let babbling = false;
  let limit = Number.POSITIVE_INFINITY;
  let errorCode: number | null = null;
  let accepted = 0;
  let requests: number[] = [];
  const sockets = new Set<Socket>();
  const clients = new Set<Socket>();

  const proxy = createServer((client) => {
    accepted += 1;
    const types: number[] = [];
    requests = types;
    own(client);
    if (babbling) return void client.resume().end("HTTP/1.1 400 Bad Request\r\n\r\n");
    if (refusing) return void client.once("data", () => client.resetAndDestroy());
    clients.add(client);
    client.on("close", () => clients.delete(client));
    const upstream = own(connectTcp(Number(port), host));
    const noteRequest = frameReader((frame, first) => first || types.push(frame.readInt32BE(8)));
    client.on("data", (chunk) => {
      noteRequest(chunk);
      if (!hole) upstream.write(chunk);
    });
    let passed = 0;
    const answer = frameReader((frame, first) => {
      if (hole || client.destroyed) return;
      const sent = first || errorCode === null ? frame : withError(frame, errorCode);
      passed += sent.length;
      if (passed > limit) client.end(sent.subarray(0, sent.length - (passed - limit)));
      else client.write(sent);
    });
    upstream.on("data", answer);
    client.on("close", () => void (hole || upstream.destroy()));
    upstream.on("close", () => void (hole || client.end()));
  });

  function own(socket: Socket): Socket {
    sockets.add(socket);
    return socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  }

  await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
  const address = proxy.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    address: `127.0.0.1:${address.port}`,
    blackHole: (on) => void (hole = on),
    refuse: (on) => void (refusing = on),
    babble: (on) => void (babbling = on),
    cut: () => clients.forEach((client) => client.destroy()),
    cutAfter: (bytes) => void (limit = bytes),
    inject: (bytes) => clients.forEach((client) => client.write(bytes)),
    answerWith: (code) => void (errorCode = code),
    connections: () => clients.size,
    accepted: () => accepted,
    requests: () => requests,
    async stop() {
      const closed = new Promise((done) => proxy.close(done));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Hands on whole frames, lengths included, however the bytes arrive. */
function frameReader(onFrame: (frame: Buffer, first: boolean) => void): (chunk: Buffer) => void {
  let held = Buffer.alloc(0);
  let first = true;
  return (chunk) => {
    held = Buffer.concat([held, chunk]);
    while (held.length >= 4 && held.length >= held.readInt32BE(0) + 4) {
      const size = held.readInt32BE(0) + 4;
      const frame = held.subarray(0, size);
      held = held.subarray(size);
      onFrame(frame, first);
      first = false;
    }
  };
}

/** Replies to calls have xids from 0; pings, events and the like have negative ones, and are left alone. */
function withError(frame: Buffer, code: number): Buffer {
  if (frame.readInt32BE(4) < 0) return frame;
  const reply = Buffer.from(frame.subarray(0, HEADER_BYTES));
  reply.writeInt32BE(HEADER_BYTES - 4, 0);
  reply.writeInt32BE(code, 16);
  return reply;
}
