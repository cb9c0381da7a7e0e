import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { EMPTY_SNAPSHOT } from "#domain/snapshot.ts";
import { AppliedNews, type Applied } from "./applied-news.ts";
import { stateFiles } from "./last-good.ts";
import { readPolicyLines } from "./policy-lines.ts";
import { TestMesh } from "./test-bed/test-mesh.ts";

let dataDir: string;
let mesh: TestMesh;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "meshkeeper-applied-"));
});
afterEach(() => mesh.stop());

it("tells of a policy only when it is on the disk, and since when it was in force", async () => {
  mesh = await TestMesh.start({ dataDir });
  const path = stateFiles(dataDir, "gw-test").shared?.policy ?? "";
  const told: Promise<[told: Applied, onDisk: number]>[] = [];
  mesh.gateway.onApplied((applied) => {
    told.push(readFile(path, "utf8").then((text) => [applied, readPolicyLines(text).policy.revision]));
  });
  const startedMs = Date.now();
  for (const id of ["a", "b", "c"]) {
    mesh.route(id, { destinations: [{ service: "any", weight: 1 }] });
    const { revision } = mesh.policy.current();
    await expect.poll(async () => (await told.at(-1))?.[0].policy.revision).toBe(revision);
  }
  for (const [{ policy, refused, atMs }, onDisk] of await Promise.all(told)) {
    expect(onDisk).toBeGreaterThanOrEqual(policy.revision);
    expect(refused).toEqual([]);
    expect(atMs).toBeGreaterThanOrEqual(startedMs);
    expect(atMs).toBeLessThanOrEqual(Date.now());
  }
});

it("says that the disk takes nothing, serves on, and tells of the policy once the disk takes it", async () => {
  const blocked = join(dataDir, "gw-test");
  await writeFile(blocked, "a file where the folder should be");
  mesh = await TestMesh.start({ dataDir });
  const told: Applied[] = [];
  mesh.gateway.onApplied((applied) => told.push(applied));
  mesh.route("here", { answer: { kind: "fixed", status: 204 }, destinations: [] });
  await expect
    .poll(() => told.at(-1))
    .toMatchObject({ policy: { revision: 0 }, refused: [{ key: "disk", revision: 1 }] });
  expect((await fetch(mesh.edge)).status).toBe(204);
  await rm(blocked);
  await mkdir(blocked);
  await expect.poll(() => told.at(-1), { timeout: 8000 }).toMatchObject({ policy: { revision: 1 }, refused: [] });
});

it("goes on telling what an earlier process left on the disk while that takes nothing more", () => {
  const onDisk: Applied = { policy: { ...EMPTY_SNAPSHOT, revision: 7 }, refused: [], atMs: 1 };
  const told: Applied[] = [];
  const news = new AppliedNews(onDisk);
  news.add((applied) => told.push(applied));
  expect(told).toEqual([]);
  news.unkept(9, "read-only file system");
  expect(told).toMatchObject([{ policy: { revision: 7 }, refused: [{ key: "disk", revision: 9 }] }]);
});
