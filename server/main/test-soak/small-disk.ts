import { execFileSync } from "node:child_process";
import { chmodSync, closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A disk of a few megabytes, in memory, that can be filled, emptied and made read-only. */
export interface SmallDisk {
  readonly folder: string;
  /** Takes all the room there is. */
  fill(): void;
  /** Gives back what `fill` took. */
  makeRoom(): void;
  /** Only while nobody has a file of it open for writing. */
  readOnly(on: boolean): void;
  stop(): void;
}

const PIECES = [1024 * 1024, 4096] as const;

/**
 * Mounts one, which takes the rights of root.
 * @throws Error when this machine does not let us.
 */
export function mountSmallDisk(megabytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), "meshkeeper-disk-"));
  const ballast = join(folder, "ballast");
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder], { stdio: "pipe" });
  } catch (error) {
    rmdirSync(folder);
    throw error;
  }
  // PostgreSQL's user passes through it.
  chmodSync(folder, 0o711);
  return {
    folder,
    fill() {
      for (const bytes of PIECES) writeUntilFull(ballast, Buffer.alloc(bytes));
    },
    makeRoom: () => rmSync(ballast, { force: true }),
    readOnly: (on) => void execFileSync("mount", ["-o", `remount,${on ? "ro" : "rw"}`, folder], { stdio: "pipe" }),
    stop() {
      execFileSync("umount", ["--lazy", folder], { stdio: "pipe" });
      rmdirSync(folder);
    },
  };
}

/** Why no disk can be mounted here; empty when it can. */
export function mountProblem(): string {
  try {
    mountSmallDisk(1).stop();
    return "";
  } catch (error) {
    return `no disk can be mounted here: ${error instanceof Error ? error.message.trim() : String(error)}`;
  }
}

function writeUntilFull(path: string, piece: Buffer): void {
  const file = openSync(path, "a");
  try {
    while (writeSync(file, piece) === piece.length);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  } finally {
    closeSync(file);
  }
}
