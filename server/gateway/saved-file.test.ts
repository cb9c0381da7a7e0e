import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readSavedFile, SavedFileWriter, writeSavedFile } from "./saved-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "meshkeeper-saved-"));
});
afterEach(() => rm(folder, { recursive: true }));

it("reads back what was written, and nothing where nothing was", async () => {
  const path = join(folder, "deep", "state.json");
  expect(await readSavedFile(path)).toBeNull();
  await writeSavedFile(path, { a: ["é\n", 1] });
  expect(await readSavedFile(path)).toEqual({ a: ["é\n", 1] });
  expect(await readdir(join(folder, "deep"))).toEqual(["state.json"]);
});

it("notices any damage", async () => {
  const path = join(folder, "state.json");
  await writeSavedFile(path, { weight: 100 });
  const text = await readFile(path, "utf8");
  for (const damaged of [text.replace("100", "101"), text.slice(0, -5), "", text.slice(10)]) {
    await writeFile(path, damaged);
    await expect(readSavedFile(path)).rejects.toThrow("damaged");
  }
});

it("writes the latest of a burst, one at a time, and reports failure without losing the next", async () => {
  let content = 0;
  const errors: unknown[] = [];
  const writer = new SavedFileWriter(
    join(folder, "state.json"),
    () => content,
    (error) => errors.push(error),
  );
  const written = [1, 2, 3, 4, 5].map((value) => {
    content = value;
    return writer.write();
  });
  await Promise.all(written);
  expect(await readSavedFile(join(folder, "state.json"))).toBe(5);
  const blocked = new SavedFileWriter(
    join(folder, "state.json", "below-a-file.json"),
    () => 1,
    (error) => errors.push(error),
  );
  await blocked.write();
  await blocked.write();
  expect(errors).toHaveLength(2);
});
