import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { obtainCurator } from "./curator-installation.ts";
import { explain } from "./launch-error.ts";

it("finds Curator's jars and a compiler, or says what is missing and what to install", async () => {
  const { classPath } = await obtainCurator();
  expect(classPath).toContain("/usr/share/java/curator-x-discovery.jar");
  const empty = mkdtempSync(join(tmpdir(), "meshkeeper-launch-"));
  const outcome = await obtainCurator(() => {}, { mayInstall: false, debianJars: empty }).catch(explain);
  expect(outcome).toContain(`no curator-x-discovery.jar, curator-recipes.jar`);
  expect(outcome).toContain(
    "apt-get install --no-install-recommends libcurator-discovery-java libcurator-recipes-java",
  );
  rmSync(empty, { recursive: true });
});
