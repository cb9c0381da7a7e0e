import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { listen } from "./listen.ts";

/** What stands between a browser and the console, and loses answers after the console has given them. */
export interface LossyWire {
  readonly url: string;
  /** Header `idempotency-key` of each request, in their order; null for none. */
  readonly keys: readonly (string | null)[];
  stop(): Promise<void>;
}

/** Loses the first `lose` answers by breaking the connection. Requests go on with the cookie of somebody signed in. */
export async function startLossyWire(console: {
  readonly url: string;
  readonly cookie: string;
  readonly lose: number;
}): Promise<LossyWire> {
  const keys: (string | null)[] = [];
  const http = await listen("127.0.0.1", 0);

  async function passOn(request: IncomingMessage): Promise<Response> {
    const body = await text(request);
    const headers = new Headers({ "content-type": "application/json", cookie: console.cookie });
    const key = [request.headers["idempotency-key"]].flat()[0];
    keys.push(key ?? null);
    if (key !== undefined) headers.set("idempotency-key", key);
    return fetch(`${console.url}${request.url}`, { method: "POST", headers, body });
  }

  http.serve((request, response) => {
    void passOn(request).then(async (answer) => {
      const given = await answer.text();
      if (keys.length <= console.lose) response.destroy();
      else response.writeHead(answer.status, { "content-type": "application/json" }).end(given);
    });
  });
  return { url: `http://127.0.0.1:${http.port}`, keys, stop: () => http.stop() };
}
