import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * The secret that signs cookies: made at the first start, and kept in the data folder for this user alone. Consoles
 * behind one load balancer need the same one; they are given it by a setting instead.
 * @throws Error when the folder cannot be written or the file cannot be read.
 */
export async function loadConsoleSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, "console-secret");
  await mkdir(dataDir, { recursive: true });
  try {
    await writeFile(file, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  const secret = (await readFile(file, "utf8")).trim();
  if (secret.length < 32)
    throw new Error(`${file} holds no usable secret. Remove it: a new one is made, and everybody signs in again.`);
  return secret;
}
