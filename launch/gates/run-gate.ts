import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import type { Gate, ToolCall } from "./gates.ts";

/** How a gate ended. */
export interface GateResult {
  readonly name: string;
  readonly ok: boolean;
  readonly durationMs: number;
  /** All that its tools printed. */
  readonly output: string;
}

/** A tool that takes longer has lost its way; it is ended, and fails, ms. */
const LIMIT_MS = 240_000;

/** Runs a gate's tools in `root` under the Node that runs us. Never rejects: a tool that cannot be started fails its gate. */
export async function runGate(root: string, gate: Gate): Promise<GateResult> {
  const startedMs = performance.now();
  let output = "";
  let ok = true;
  for (const call of gate.calls) {
    const result = await runTool(root, call);
    output += result.output;
    ok = result.ok;
    if (!ok) break;
  }
  return { name: gate.name, ok, durationMs: performance.now() - startedMs, output: output.trim() };
}

function runTool(root: string, [tool, ...args]: ToolCall): Promise<{ ok: boolean; output: string }> {
  const bin = join(root, "node_modules", ".bin");
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(bin, tool), ...args], {
      cwd: root,
      env: {
        ...process.env,
        PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}`,
        NO_COLOR: "1",
        FORCE_COLOR: undefined,
      },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: LIMIT_MS,
      killSignal: "SIGKILL",
    });
    const output: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => output.push(chunk));
    child.once("error", (error) => resolve({ ok: false, output: `${tool} did not start: ${error.message}\n` }));
    child.once("close", (code, signal) => {
      const ending = signal === null ? "" : `${tool} was ended by ${signal}.\n`;
      resolve({ ok: code === 0, output: `${Buffer.concat(output).toString("utf8")}${ending}` });
    });
  });
}
