import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SettingsError } from "#platform/env.ts";
import type { Part } from "#platform/lifecycle.ts";

export interface Listening extends Part {
  readonly server: Server;
  /** The one it really listens on. */
  readonly port: number;
  /** Says who answers; until then requests are told to come again. */
  serve(answer: RequestListener): void;
}

/** How long answers under way may take once it is told to stop, ms. */
const FINISH_MS = 2000;

/**
 * Takes the port, before anything else is started that a second console must not disturb.
 * @throws SettingsError naming the settings when the address cannot be had.
 */
export async function listen(host: string, port: number): Promise<Listening> {
  let answer: RequestListener = (_request, response) => {
    response
      .writeHead(503, { "retry-after": "1", "content-type": "text/plain; charset=utf-8" })
      .end("The console is starting.\n");
  };
  // Slow senders are cut off: nobody sends a console much.
  const limits = { headersTimeout: 15_000, requestTimeout: 30_000, keepAliveTimeout: 65_000 };
  const server = createServer(limits, (request, response) => answer(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  }).catch((error: unknown) => {
    throw new SettingsError([problemOf(error, host, port)]);
  });
  return {
    name: "http server",
    server,
    port: portOf(server.address()),
    serve: (handler) => (answer = handler),
    stop: () => stopServer(server),
  };
}

function problemOf(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && "code" in error ? error.code : "";
  if (code === "EADDRINUSE")
    return `CONSOLE_PORT: port ${port} of ${host} is taken; stop what listens there, or choose another port.`;
  if (code === "EACCES") return `CONSOLE_PORT: this user may not listen on port ${port}; choose one above 1023.`;
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return `CONSOLE_HOST: ${host} is not an address of this machine.`;
  return `CONSOLE_HOST, CONSOLE_PORT: cannot listen on ${host}:${port} (${String(code)}).`;
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function stopServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const insist = setTimeout(() => server.closeAllConnections(), FINISH_MS);
  await closed;
  clearTimeout(insist);
}
