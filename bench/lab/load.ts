import { writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Lab, Place, Running } from "./lab.ts";
import { LARGE_BYTES } from "./paths.ts";
import { observed } from "./process-table.ts";
import type { Slice } from "./slices.ts";

const CONNECTIONS = 64;

export interface Load {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** Bytes each answer must have. */
  readonly answerBytes: number;
  readonly headers: Readonly<Record<string, string>>;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** Bytes received, heads included. */
  readonly bytes: number;
  /** Connections that failed, timeouts and answers that were not 2xx. */
  readonly failures: number;
}

const WrkResult = z.object({
  requests: z.int(),
  durationUs: z.int(),
  bytes: z.int(),
  failures: z.int(),
});
const AutocannonResult = z.object({
  duration: z.number(),
  requests: z.object({ total: z.int() }),
  throughput: z.object({ total: z.number() }),
  errors: z.int(),
  non2xx: z.int(),
});
const autocannon = fileURLToPath(import.meta.resolve("autocannon"));

/** 64 connections that each send the next request when they have their answer, for so many seconds. */
async function generate(lab: Lab, place: Place, port: number, load: Load, seconds: number): Promise<LoadResult> {
  const url = `http://127.0.0.1:${port}${load.path}`;
  const { wrk } = lab.tools;
  if (wrk !== undefined) {
    const script = join(lab.folder, "load.lua");
    writeFileSync(script, luaOf(load));
    const args = ["-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, "--timeout", "5s", "-s", script, url];
    const stdout = await lab.output(place, wrk, args);
    const result = WrkResult.parse(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? ""));
    return { ...result, seconds: result.durationUs / 1e6 };
  }
  const headers = Object.entries(load.headers).flatMap(([name, value]) => ["-H", `${name}=${value}`]);
  const body = load.method === "POST" ? ["-b", "x".repeat(LARGE_BYTES)] : [];
  const args = ["--json", "-c", `${CONNECTIONS}`, "-d", `${seconds}`, "-m", load.method, ...headers, ...body, url];
  const stdout = await lab.output(place, process.execPath, [autocannon, ...args]);
  const { duration, requests, throughput, errors, non2xx } = AutocannonResult.parse(JSON.parse(stdout));
  return { requests: requests.total, seconds: duration, bytes: throughput.total, failures: errors + non2xx };
}

/** wrk makes the request once; `done` runs after the clock has stopped. */
function luaOf({ method, headers }: Load): string {
  const fields = Object.entries(headers).map(
    ([name, value]) => `wrk.headers[${JSON.stringify(name)}] = ${JSON.stringify(value)}`,
  );
  return `wrk.method = "${method}"
${method === "POST" ? `wrk.body = string.rep("x", ${LARGE_BYTES})` : ""}
${fields.join("\n")}
done = function(summary)
  local e = summary.errors
  io.write(string.format('\\n{"requests":%d,"durationUs":%d,"bytes":%d,"failures":%d}\\n',
    summary.requests, summary.duration, summary.bytes, e.connect + e.read + e.write + e.status + e.timeout))
end
`;
}

/**
 * Bytes one answer takes on the wire.
 * @throws Error unless it is a 200 with as many bytes as expected.
 */
async function wireBytesOf({ name, port }: Running, load: Load): Promise<number> {
  const agent = new Agent({ keepAlive: true });
  try {
    return await new Promise<number>((resolve, reject) => {
      const { method, path, headers } = load;
      const sent = request({ agent, host: "127.0.0.1", port, method, path, headers }, (answer) => {
        // An answer lets go of its socket when it ends.
        const { socket } = answer;
        let bytes = 0;
        answer.on("data", (chunk: Buffer) => (bytes += chunk.length));
        answer.on("error", reject);
        answer.on("end", () => {
          if (answer.statusCode === 200 && bytes === load.answerBytes) return resolve(socket.bytesRead);
          return reject(new Error(`${name} answered ${String(answer.statusCode)} with ${bytes} bytes.`));
        });
      });
      sent.on("error", reject);
      sent.end(method === "POST" ? Buffer.alloc(LARGE_BYTES, "x") : undefined);
    });
  } finally {
    agent.destroy();
  }
}

/** Heads differ by the digits of what they count. */
const HEAD_SLACK = 64;

/**
 * Why answers cannot all have been as expected, or null: all 2xx, and as long on the wire as one that was looked at.
 * Answers that were half in when the clock stopped count as bytes and not as requests.
 */
export function loadProblem(result: LoadResult, wireBytes: number): string | null {
  const { requests, bytes, failures } = result;
  if (requests === 0) return "no answers";
  if (failures > 0) return `${failures} of ${requests} requests failed`;
  const cutOff = (CONNECTIONS * wireBytes) / requests;
  const off = bytes / requests - wireBytes;
  return off < -HEAD_SLACK || off > HEAD_SLACK + cutOff
    ? `answers had ${Math.round(bytes / requests)} bytes on average instead of ${wireBytes}`
    : null;
}

/** A function that puts a proxy under load for so many seconds. */
export async function slicesOf(
  lab: Lab,
  place: Place,
  proxy: Running,
  load: Load,
): Promise<(seconds: number) => Promise<Slice>> {
  const wireBytes = await wireBytesOf(proxy, load);
  return async (seconds) => {
    const loaded = (): Promise<LoadResult> => generate(lab, place, proxy.port, load, seconds);
    const { result, cpuUs, ownShare, foreignShare } = await observed(proxy.pid, loaded);
    const problem = loadProblem(result, wireBytes);
    if (problem !== null) throw new Error(`${proxy.name}, ${load.method} ${load.path}: ${problem}.`);
    return { cpuUs: cpuUs / result.requests, perSecond: result.requests / result.seconds, ownShare, foreignShare };
  };
}
