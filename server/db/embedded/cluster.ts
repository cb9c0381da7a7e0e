import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { PostgresHome } from "./home.ts";
import { PostgresStartError } from "./start-error.ts";

const run = promisify(execFile);

/** Superuser of the cluster, whose password is in `home.passwordFile`. */
export const CLUSTER_USER = "meshkeeper";

/**
 * Makes the cluster when there is none, and returns its password. A cluster half made (the process was killed) is made anew.
 * @throws PostgresStartError when initdb fails, or the folder holds a cluster whose password is gone.
 */
export async function createCluster(home: PostgresHome, report: (line: string) => void): Promise<string> {
  if (await exists(join(home.cluster, "PG_VERSION"))) {
    const password = await readFile(home.passwordFile, "utf8").catch(() => "");
    if (password !== "") return password;
    throw new PostgresStartError(
      "data",
      `${home.passwordFile} is missing or cannot be read; it holds the database's password.`,
    );
  }
  report("Making the database (first start only).");
  const password = randomBytes(24).toString("base64url");
  await writeFile(home.passwordFile, password, { mode: 0o600 });
  if (home.ids !== undefined) await chown(home.passwordFile, home.ids.uid, home.ids.gid);
  // initdb into a folder next to it, then rename: a cluster is there whole or not at all.
  const partial = `${home.cluster}.partial`;
  await rm(partial, { recursive: true, force: true });
  try {
    await run(join(home.bin, "initdb"), initdbArguments(partial, home.passwordFile), {
      ...home.ids,
      cwd: home.folder,
      env: home.env,
    });
  } catch (error) {
    throw new PostgresStartError("data", `The database could not be made in ${home.folder}: ${messageOf(error)}`, {
      cause: error,
    });
  }
  await rename(partial, home.cluster);
  return password;
}

function initdbArguments(folder: string, passwordFile: string): string[] {
  return [
    `--pgdata=${folder}`,
    `--username=${CLUSTER_USER}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    // Built in: the same order and upper/lower case on every machine, whatever its C library.
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
  ];
}

function messageOf(error: unknown): string {
  if (typeof error === "object" && error !== null && "stderr" in error && typeof error.stderr === "string")
    return error.stderr.trim();
  return error instanceof Error ? error.message : String(error);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
