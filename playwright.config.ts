import { defineConfig, type PlaywrightTestConfig } from "@playwright/test";
import { signedInFile, type MeshName, type MeshOptions } from "./e2e/fixtures/mesh-name.ts";

type Project = NonNullable<PlaywrightTestConfig<object, MeshOptions>["projects"]>[number];

/** Folders of specs that make trouble; all others run on the other mesh, also those to come. */
const FAULTS = ["accessibility/**", "breakers/**", "live/**", "outages/**"];

/** Compares rates with rates, to 2 %: nothing else runs beside it. */
const MEASURED = "topology/truth.spec.ts";

/** These specs run on one mesh one after another, in the order of their files' names, once it has an administrator. */
function onMesh(meshName: MeshName, specs: Project): Project[] {
  const setUp = `set-up of ${meshName}`;
  return [
    { name: setUp, testMatch: "identity/first-administrator.setup.ts", use: { meshName } },
    {
      ...specs,
      name: meshName,
      // The specs of a mesh share it, and some of them break it on purpose.
      workers: 1,
      dependencies: [setUp],
      use: { meshName, storageState: signedInFile(meshName) },
    },
  ];
}

export default defineConfig<object, MeshOptions>({
  testDir: "e2e",
  globalSetup: "./e2e/fixtures/global-setup.ts",
  outputDir: "test-results",
  // One for each mesh. Specs mostly wait for what a mesh does, so two of them fit two cores.
  workers: 2,
  fullyParallel: false,
  forbidOnly: process.env["CI"] !== undefined,
  retries: 0,
  // Two meshes and two browsers share the cores: what takes half a minute alone may take twice that.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  use: {
    viewport: { width: 1440, height: 900 },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    ...onMesh("pages", { testIgnore: [...FAULTS, MEASURED] }),
    // Outages are last by their name, and have to be: they take ZooKeeper, PostgreSQL and the console away.
    ...onMesh("faults", { testMatch: FAULTS.map((folder) => `${folder}/*.spec.ts`) }),
    {
      name: "measured",
      testMatch: MEASURED,
      dependencies: ["pages", "faults"],
      use: { meshName: "pages", storageState: signedInFile("pages") },
    },
  ],
});
