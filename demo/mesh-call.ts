import { Agent, request } from "node:http";

/** What came back from another service; status 0 when nothing did. */
export interface MeshAnswer {
  readonly status: number;
  /** Parsed JSON, or null. */
  readonly body: unknown;
  /** Id of the backup's place in the route's fallbacks, as the gateway says it; null when none served. */
  readonly fallback: string | null;
  /** Why there is no answer; empty when there is one. */
  readonly problem: string;
}

export interface MeshCall {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** Value of the Host header: who is called. */
  readonly host: string;
  readonly requestId: string;
  readonly body?: unknown;
}

/** A caller gives up after this long, ms. */
const PATIENCE_MS = 4000;
/** Answers of the shop are small; more than this is not one of them. */
const MAX_ANSWER_BYTES = 256 * 1024;

/** Calls other services through one listener of a gateway. Never rejects: a failed call is an answer with status 0. */
export function meshCaller(address: { host: string; port: number }): {
  call(call: MeshCall): Promise<MeshAnswer>;
  close(): void;
} {
  const agent = new Agent({ keepAlive: true, maxSockets: 128 });
  return { call: (call) => send(agent, address, call), close: () => agent.destroy() };
}

function send(agent: Agent, address: { host: string; port: number }, call: MeshCall): Promise<MeshAnswer> {
  const payload = call.body === undefined ? undefined : JSON.stringify(call.body);
  return new Promise((resolve) => {
    const fail = (error: Error): void => resolve({ status: 0, body: null, fallback: null, problem: error.message });
    const headers: Record<string, string> = {
      host: call.host,
      "x-request-id": call.requestId,
      accept: "application/json",
    };
    if (payload !== undefined) headers["content-type"] = "application/json";
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const outgoing = request(
      { ...address, agent, method: call.method, path: call.path, headers, signal },
      (incoming) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        incoming.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > MAX_ANSWER_BYTES) incoming.destroy(new Error("the answer is too long"));
          else chunks.push(chunk);
        });
        incoming.on("error", fail);
        incoming.on("end", () => {
          const fallback = incoming.headers["x-mesh-fallback"];
          resolve({
            status: incoming.statusCode ?? 0,
            body: parseOrNull(Buffer.concat(chunks).toString("utf8")),
            fallback: typeof fallback === "string" ? fallback : null,
            problem: "",
          });
        });
      },
    );
    outgoing.on("error", fail);
    outgoing.end(payload);
  });
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
