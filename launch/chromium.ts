import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { LaunchError } from "./launch-error.ts";

const run = promisify(execFile);
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/**
 * Path of the Chromium that browser tests use: CHROMIUM, or the first one found; null when there is none.
 * @throws LaunchError when CHROMIUM names something that cannot be run.
 */
function findChromium(environment: Readonly<Record<string, string | undefined>>): string | null {
  const chosen = environment["CHROMIUM"] ?? "";
  if (chosen !== "") {
    if (isExecutable(chosen)) return chosen;
    throw new LaunchError(`CHROMIUM is ${chosen}, which is not a program.`, [
      "set it to the full path of a Chromium or Chrome, or unset it",
    ]);
  }
  const folders = ["/usr/bin", "/usr/local/bin", "/snap/bin", ...(environment["PATH"] ?? "").split(delimiter)].filter(
    (folder) => folder !== "",
  );
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isExecutable) ?? null;
}

/**
 * The same, but installs Debian's package when there is none and this is root.
 * @throws LaunchError saying how to provide one.
 */
export async function obtainChromium(
  environment: Readonly<Record<string, string | undefined>>,
  note: (words: string) => void,
): Promise<string> {
  const found = findChromium(environment);
  if (found !== null) return found;
  const remedies = [
    "install it: apt-get install chromium",
    "or set CHROMIUM to the path of a Chromium or Chrome you have",
  ];
  if (process.getuid?.() !== 0 || !isExecutable("/usr/bin/apt-get"))
    throw new LaunchError("The browser tests need Chromium; there is none.", remedies);
  note("installing it with apt-get");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    await run("apt-get", ["update", "-q"], { env });
    await run("apt-get", ["install", "-q", "-y", "--no-install-recommends", "chromium"], {
      env,
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    throw new LaunchError("The browser tests need Chromium, and apt-get could not install it.", remedies, error);
  }
  const installed = findChromium(environment);
  if (installed === null) throw new LaunchError("apt-get installed Chromium, but it cannot be found.", remedies);
  return installed;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
