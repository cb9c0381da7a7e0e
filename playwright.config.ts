import { defineConfig } from "@playwright/test";

/** Where the set-up project leaves the administrator's session for the others. */
export const SIGNED_IN = "test-results/.signed-in.json";

export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/fixtures/global-setup.ts",
  outputDir: "test-results",
  // One mesh serves all specs, and some of them break it on purpose.
  workers: 1,
  fullyParallel: false,
  forbidOnly: process.env["CI"] !== undefined,
  retries: 0,
  timeout: 120_000,
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
    { name: "set-up", testMatch: "identity/first-administrator.setup.ts" },
    { name: "mesh", testIgnore: "outages/**", dependencies: ["set-up"], use: { storageState: SIGNED_IN } },
    // Last: they take ZooKeeper, PostgreSQL and the console away.
    { name: "outages", testMatch: "outages/**/*.spec.ts", dependencies: ["mesh"], use: { storageState: SIGNED_IN } },
  ],
});
