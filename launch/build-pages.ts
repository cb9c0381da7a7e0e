import { spawn } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HOME } from "./home.ts";
import { LaunchError } from "./launch-error.ts";
import { BUILD_INPUTS, sourceStamp } from "./source-stamp.ts";

const STAMP = join(HOME, ".next", "meshkeeper-stamp");

/** True when the pages as built are those of the present sources. */
export function arePagesBuilt(): boolean {
  try {
    return readFileSync(STAMP, "utf8") === sourceStamp(HOME, BUILD_INPUTS);
  } catch {
    return false;
  }
}

/**
 * Builds the console's pages for production.
 * @throws LaunchError with the end of the compiler's output; AbortError when the signal ended it.
 */
export async function buildPages(
  environment: Readonly<Record<string, string | undefined>>,
  signal?: AbortSignal,
): Promise<void> {
  // Taken before: what is edited meanwhile may or may not be in the build, so the next start builds again.
  const stamp = sourceStamp(HOME, BUILD_INPUTS);
  rmSync(STAMP, { force: true });
  const child = spawn(process.execPath, [join(HOME, "node_modules", "next", "dist", "bin", "next"), "build"], {
    cwd: HOME,
    env: { ...environment, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    ...(signal === undefined ? {} : { signal }),
  });
  const output: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => output.push(chunk));
  const ended = await new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, killedBy) => resolve(code === 0 ? "" : (killedBy ?? `exit code ${code}`)));
  });
  if (ended !== "") {
    const text = Buffer.concat(output).toString("utf8").trimEnd();
    throw new LaunchError(
      `The console's pages could not be built (${ended}):\n${text.split("\n").slice(-60).join("\n")}`,
    );
  }
  writeFileSync(STAMP, stamp);
}
