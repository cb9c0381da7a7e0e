import { spawn } from "node:child_process";
import { existsSync } from "node:fs";

/** Says what is being done, one line at a time. */
export type Say = (line: string) => void;

/**
 * Installs packages of Debian or Ubuntu where this is root, refreshing the package lists when that is needed.
 * @param what for people: what is installed, and how much it is.
 * @returns empty when it worked, else what stood in the way.
 */
export async function installWithApt(packages: readonly string[], what: string, say: Say): Promise<string> {
  if (!existsSync("/usr/bin/apt-get")) return "apt-get is not available on this system";
  if (process.getuid?.() !== 0) return "apt-get was not tried: this is not root";
  const install = ["install", "-y", "--no-install-recommends", ...packages];
  say(`Installing ${what} with apt-get`);
  const first = await aptGet(install, say);
  if (first === "") return "";
  say("Refreshing the package lists, then trying once more");
  const refreshed = await aptGet(["update"], say);
  if (refreshed !== "") return `apt-get update failed: ${refreshed}`;
  const second = await aptGet(install, say);
  return second === "" ? "" : `apt-get install ${packages.join(" ")} failed: ${second}`;
}

/** Runs apt-get, reporting its milestones; empty when it succeeded, else its last words. */
function aptGet(args: readonly string[], say: Say): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn("apt-get", args, {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let tail = "";
    const listen = (chunk: Buffer): void => {
      const text = chunk.toString();
      tail = (tail + text).slice(-600);
      for (const line of text.split("\n"))
        if (/^(?:Get:|Need to get|Unpacking|Setting up)/.test(line)) say(`  ${line.trim()}`);
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code) =>
      resolve(code === 0 ? "" : tail.trim().split("\n").slice(-3).join(" ") || `exit code ${String(code)}`),
    );
  });
}
