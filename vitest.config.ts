import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const notOurs = ["**/node_modules/**", "**/.next/**", "**/.data/**", "e2e/**"];

/** Files that take longest, longest first: one that starts last leaves a core without work while it runs. */
const LONG = [
  "server/main/test-soak/publishing-soak.int.test.ts",
  "server/registration/register-command.int.test.ts",
  "server/zookeeper/registry.int.test.ts",
  "server/zookeeper/test-curator/curator.int.test.ts",
  "server/zookeeper/session.int.test.ts",
  "components/topology/canvas/graph-canvas.int.test.ts",
  "server/zookeeper/test-model/protocol-first-half.test.ts",
  "server/zookeeper/test-model/protocol-second-half.test.ts",
  "server/zookeeper/test-model/mutants.test.ts",
];

/** Without results of an earlier run, as in CI, Vitest would start the files by their size. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = LONG.findIndex((path) => moduleId.endsWith(`/${path}`));
      return at === -1 ? LONG.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "unit",
          include: ["**/*.test.ts", "**/*.test.tsx"],
          exclude: [...notOurs, "**/*.int.test.ts"],
          // Room for a machine with more to do; what should take milliseconds is not held to them here.
          testTimeout: 30_000,
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
