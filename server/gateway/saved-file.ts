import { createHash, randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Writes JSON so that a reader finds the old content or the new, never half of one: temporary file, fsync, rename, and
 * a checksum for what the disk itself may do.
 */
export async function writeSavedFile(path: string, content: unknown): Promise<void> {
  const text = JSON.stringify(content);
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(`${checksum(text)}\n${text}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Reads what was written; null when there is none. Throws when it is damaged. */
export async function readSavedFile(path: string): Promise<unknown> {
  let file: string;
  try {
    file = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  const end = file.indexOf("\n");
  const text = file.slice(end + 1).trimEnd();
  if (checksum(text) !== file.slice(0, end)) throw new Error(`${path} is damaged: its checksum does not match`);
  return JSON.parse(text);
}

function checksum(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Writes a file again whenever asked, one write at a time, always the latest content. */
export class SavedFileWriter {
  readonly #path: string;
  readonly #content: () => unknown;
  readonly #onError: (error: unknown) => void;
  #wanted = false;
  #writing: Promise<void> | null = null;

  constructor(path: string, content: () => unknown, onError: (error: unknown) => void) {
    this.#path = path;
    this.#content = content;
    this.#onError = onError;
  }

  /** Resolves when the content of now, or of later, is on the disk, or could not be written. */
  write(): Promise<void> {
    this.#wanted = true;
    this.#writing ??= this.#run();
    return this.#writing;
  }

  /** Resolves when no write is under way. */
  async idle(): Promise<void> {
    await this.#writing;
  }

  async #run(): Promise<void> {
    // Not before the change that asked for it is complete.
    await Promise.resolve();
    while (this.#wanted) {
      this.#wanted = false;
      try {
        await writeSavedFile(this.#path, this.#content());
      } catch (error) {
        this.#onError(error);
      }
    }
    // In the same turn in which nothing was wanted: who asks later starts it again.
    this.#writing = null;
  }
}
