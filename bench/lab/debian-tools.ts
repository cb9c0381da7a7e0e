import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Programs the bench uses where they are, and Debian's packages of them. */
const PACKAGES = { nginx: "nginx-light", haproxy: "haproxy", wrk: "wrk", taskset: "util-linux" } as const;
export type Tool = keyof typeof PACKAGES;
/** Where each program is; a program that is not there is missing. */
export type Tools = Readonly<Partial<Record<Tool, string>>>;

/** Finds the programs; as root on Debian it installs those that are missing. Says what it does and what it goes without. */
export async function obtainTools(say: (line: string) => void): Promise<Tools> {
  const missing = names().filter((tool) => find(tool) === null);
  if (missing.length > 0 && process.getuid?.() === 0 && isExecutable("/usr/bin/apt-get")) {
    const packages = missing.map((tool) => PACKAGES[tool]);
    say(`Installing ${packages.join(", ")} with apt-get.`);
    await install(packages).catch((error: unknown) => say(`apt-get failed: ${String(error).slice(0, 300)}`));
  }
  const tools: Partial<Record<Tool, string>> = {};
  for (const tool of names()) {
    const path = find(tool);
    if (path === null) say(`${tool} is not installed; measured without it (apt-get install ${PACKAGES[tool]}).`);
    else tools[tool] = path;
  }
  return tools;
}

const names = (): Tool[] => ["nginx", "haproxy", "wrk", "taskset"];

/** Services are installed, not started: the bench runs its own, with configurations of its own. */
async function install(packages: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  await run("apt-get", ["update", "-q"], { env });
  await run("apt-get", ["install", "-q", "-y", "--no-install-recommends", ...packages], { env });
}

function find(tool: Tool): string | null {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/bin"];
  return (
    folders
      .filter((folder) => folder !== "")
      .map((folder) => join(folder, tool))
      .find(isExecutable) ?? null
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
