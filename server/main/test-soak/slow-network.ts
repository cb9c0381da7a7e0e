import { connect as connectTcp, createServer, type Socket } from "node:net";

/** A network between a console and PostgreSQL that can be slow, or swallow what the server says. */
export interface SlowNetwork {
  /** The same database, by way of this network. */
  readonly url: string;
  /** What the server says arrives so much later, ms, in order. */
  delay(ms: number): void;
  /** What the server says from now on never arrives; what it is told does. */
  swallow(on: boolean): void;
  /** Cuts every connection. */
  cut(): void;
  stop(): Promise<void>;
}

/** @param target the database's own address. */
export async function startSlowNetwork(target: string): Promise<SlowNetwork> {
  const url = new URL(target);
  const port = Number(url.port);
  let delayMs = 0;
  let swallowing = false;
  const sockets = new Set<Socket>();
  const own = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket
      .setNoDelay(true)
      .on("error", () => {})
      .on("close", () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    own(client);
    const upstream = own(connectTcp(port, url.hostname));
    client.on("data", (chunk) => upstream.write(chunk));
    upstream.on("data", (chunk) => {
      if (swallowing) return;
      if (delayMs === 0) client.write(chunk);
      else setTimeout(() => client.write(chunk), delayMs);
    });
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  url.port = String(address.port);
  const cut = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    url: url.href,
    delay: (ms) => void (delayMs = ms),
    swallow: (on) => void (swallowing = on),
    cut,
    async stop() {
      const closed = new Promise((done) => server.close(done));
      cut();
      await closed;
    },
  };
}
