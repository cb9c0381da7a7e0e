import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** Where a running stack's parts are, for commands typed in another terminal. */
const StackAddress = z.object({ consoleUrl: z.string(), databaseUrl: z.string() });
export type StackAddress = z.infer<typeof StackAddress>;

const fileOf = (dataDir: string): string => join(dataDir, "run", "stack.json");

/** Leaves the address in the data folder; only this user can read it, for it holds the database's password. */
export function writeStackAddress(dataDir: string, { consoleUrl, databaseUrl }: StackAddress): void {
  removeStackAddress(dataDir);
  writeFileSync(fileOf(dataDir), `${JSON.stringify({ consoleUrl, databaseUrl })}\n`, { mode: 0o600 });
}

export function removeStackAddress(dataDir: string): void {
  rmSync(fileOf(dataDir), { force: true });
}

/** Null when no stack runs from that folder. */
export function readStackAddress(dataDir: string): StackAddress | null {
  try {
    return StackAddress.parse(JSON.parse(readFileSync(fileOf(dataDir), "utf8")));
  } catch {
    return null;
  }
}
