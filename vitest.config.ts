import { defineConfig } from "vitest/config";

const notOurs = ["**/node_modules/**", "**/.next/**", "**/.data/**", "e2e/**"];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["**/*.test.ts", "**/*.test.tsx"],
          exclude: [...notOurs, "**/*.int.test.ts"],
          testTimeout: 10_000,
        },
      },
      {
        // Against real neighbours: ZooKeeper, PostgreSQL and processes, each file with its own on free ports.
        test: {
          name: "integration",
          include: ["**/*.int.test.ts"],
          exclude: notOurs,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
