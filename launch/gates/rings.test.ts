import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { HOME } from "../home.ts";
import { merge, runOnPlanted, type Sources } from "./planted-tree.ts";

const Configuration = z.object({ default: z.object({ forbidden: z.array(z.object({ name: z.string() })) }) });

const EMPTY = "export const a = 1;\n";

/** A module that imports what `specifier` names. */
const importing = (specifier: string): string => `import * as it from "${specifier}";\nexport const has = it;\n`;

/** A module that imports only types from there. */
const importingTypes = (specifier: string): string =>
  `import type * as it from "${specifier}";\nexport type Has = typeof it;\n`;

/** Rule → files of which the first breaks it. */
const VIOLATIONS: Readonly<Record<string, readonly Sources[]>> = {
  "no-cycles": [
    { "server/db/egg.ts": importing("./hen.ts"), "server/db/hen.ts": importing("./egg.ts") },
    { "server/db/mine.ts": importingTypes("./thine.ts"), "server/db/thine.ts": importingTypes("./mine.ts") },
  ],
  "no-unresolvable": [{ "server/db/lost.ts": importing("#db/nowhere.ts") }],
  "no-barrels": [{ "server/db/shelf.ts": importing("./shelves/index.ts"), "server/db/shelves/index.ts": EMPTY }],
  "no-re-exports": [{ "server/db/echo.ts": 'export * from "./voice.ts";\n', "server/db/voice.ts": EMPTY }],
  "only-tests-import-what-is-for-tests": [
    { "server/db/tester.ts": importing("./tested.test.ts"), "server/db/tested.test.ts": EMPTY },
    { "server/db/bedded.ts": importing("./test-bed/rows.ts"), "server/db/test-bed/rows.ts": EMPTY },
  ],
  "no-undeclared-packages": [{ "server/db/guest.ts": importing("acorn") }],
  "the-product-needs-no-development-package": [{ "server/db/dev.ts": importing("vitest") }],
  "domain-is-pure": [
    { "server/domain/reads-files.ts": importing("node:fs") },
    { "server/domain/logs.ts": importing("#platform/log.ts"), "server/platform/log.ts": EMPTY },
    { "server/domain/package.ts": importing("pino") },
  ],
  "platform-imports-only-domain": [
    { "server/platform/up.ts": importing("#db/client.ts"), "server/db/client.ts": EMPTY },
  ],
  "db-imports-only-what-is-below-it": [
    { "server/db/verb.ts": importing("#control/verb.ts"), "server/control/verb.ts": EMPTY },
  ],
  "zookeeper-imports-only-what-is-below-it": [
    { "server/zookeeper/a.ts": importing("#db/a.ts"), "server/db/a.ts": EMPTY },
  ],
  "telemetry-imports-only-what-is-below-it": [
    { "server/telemetry/b.ts": importing("#db/b.ts"), "server/db/b.ts": EMPTY },
  ],
  "containers-imports-only-what-is-below-it": [
    { "server/containers/c.ts": importing("../db/c.ts"), "server/db/c.ts": EMPTY },
  ],
  "registration-imports-only-what-is-below-it": [
    { "server/registration/r.ts": importing("#db/r.ts"), "server/db/r.ts": EMPTY },
  ],
  "identity-imports-only-what-is-below-it": [
    { "server/identity/d.ts": importing("#api/d.ts"), "server/api/d.ts": EMPTY },
  ],
  "gateway-imports-only-what-is-below-it": [
    { "server/gateway/e.ts": importing("#control/e.ts"), "server/control/e.ts": EMPTY },
  ],
  "control-imports-only-what-is-below-it": [
    { "server/control/f.ts": importing("#gateway/f.ts"), "server/gateway/f.ts": EMPTY },
    { "server/control/g.ts": importingTypes("#api/g.ts"), "server/api/g.ts": EMPTY },
  ],
  "api-imports-only-what-is-below-it": [{ "server/api/h.ts": importing("#db/h.ts"), "server/db/h.ts": EMPTY }],
  "gateway-uses-its-side-of-telemetry": [
    { "server/gateway/i.ts": importing("#telemetry/collector.ts"), "server/telemetry/collector.ts": EMPTY },
  ],
  "gateway-process-never-reaches-the-database": [
    {
      "server/gateway/near.ts": importing("./between.ts"),
      "server/gateway/between.ts": importingTypes("#zookeeper/far.ts"),
      "server/zookeeper/far.ts": importing("#db/far.ts"),
      "server/db/far.ts": EMPTY,
    },
    { "server/main/gateway.ts": importing("#zookeeper/driver.ts"), "server/zookeeper/driver.ts": importing("pg") },
  ],
  "nobody-imports-main": [{ "launch/short-cut.ts": importing("#main/console.ts"), "server/main/console.ts": EMPTY }],
  "server-imports-nothing-outside-it": [
    { "server/control/j.ts": importing("#launch/j.ts"), "launch/j.ts": EMPTY },
    { "server/control/k.ts": importing("#components/k.ts"), "components/k.ts": EMPTY },
  ],
  "only-db-imports-postgres": [
    { "server/control/driver.ts": importing("pg") },
    { "prisma/seed/client.ts": importing("@prisma/client") },
    { "server/control/rows.ts": importingTypes("#db/generated/client.ts"), "server/db/generated/client.ts": EMPTY },
  ],
  "only-zookeeper-imports-zookeeper": [{ "demo/raw.ts": importing("node-zookeeper-client") }],
  "only-identity-imports-authentication": [{ "server/api/auth.ts": importing("better-auth") }],
  "app-composes-components": [{ "app/query.ts": importing("#db/query.ts"), "server/db/query.ts": EMPTY }],
  "components-know-only-the-domain": [
    { "components/l.ts": importing("#control/l.ts"), "server/control/l.ts": EMPTY },
    { "components/m.ts": importing("#main/rsc.ts"), "server/main/rsc.ts": EMPTY },
  ],
  "pages-take-only-types-from-the-api": [{ "components/n.ts": importing("#api/root.ts"), "server/api/root.ts": EMPTY }],
  "components-run-in-the-browser": [{ "components/o.ts": importing("node:path") }],
  "nobody-imports-app": [{ "components/p.ts": importing("../app/p.ts"), "app/p.ts": EMPTY }],
};

/** Every arrow the rule allows. */
const ALLOWED: Sources = {
  "app/page.tsx": importing("#components/list.tsx") + importing("#main/rsc.ts").replaceAll(/\bit\b|has/g, "$&2"),
  "components/list.tsx": importingTypes("#api/root.ts"),
  "components/form.tsx": importing("#domain/route.ts"),
  "server/main/rsc.ts": importing("#api/root.ts"),
  "server/main/gateway.ts": importing("#gateway/listen.ts"),
  "server/main/console.ts": importing("#db/client.ts"),
  "server/api/root.ts": importing("#control/create-route.ts"),
  "server/api/live.ts": importingTypes("#telemetry/live.ts"),
  "server/control/create-route.ts": importing("#db/client.ts"),
  "server/control/watch.ts": importing("#zookeeper/registry.ts"),
  "server/identity/session.ts": importing("better-auth"),
  "server/db/client.ts": importing("pg"),
  "server/zookeeper/registry.ts": importing("#domain/route.ts"),
  "server/zookeeper/session.ts": importing("node-zookeeper-client"),
  "server/telemetry/live.ts": importing("#platform/log.ts"),
  "server/telemetry/gateway-windows.ts": importing("#domain/route.ts"),
  "server/gateway/listen.ts": importing("#telemetry/gateway-windows.ts"),
  "server/gateway/follow.ts": importing("#zookeeper/registry.ts"),
  "server/gateway/listen.int.test.ts": importing("#launch/zookeeper.ts"),
  "server/zookeeper/test-harness.ts": importing("#launch/zookeeper.ts"),
  "server/control/rows.int.test.ts": importing("pg"),
  "server/platform/log.ts": importing("#domain/route.ts"),
  "server/domain/route.ts": importing("zod"),
  "server/domain/route.test.ts": importing("vitest"),
  "launch/zookeeper.ts": importing("node:fs"),
  "demo/shop.ts": importing("#zookeeper/registry.ts"),
};

describe("the dependency rule", () => {
  let findings: readonly string[];

  beforeAll(async () => {
    const result = await runOnPlanted("rings", merge(Object.values(VIOLATIONS).flat()));
    expect(result.ok).toBe(false);
    findings = result.output.split("\n");
  }, 60_000);

  it.each(Object.entries(VIOLATIONS))("%s fires on a planted violation", (rule, trees) => {
    for (const [culprit] of trees.map((tree) => Object.keys(tree))) {
      expect(
        findings.filter((line) => line.includes(` ${rule}: ${culprit} → `), `${rule}: ${culprit}`).length,
      ).toBeGreaterThan(0);
    }
  });

  it("has a planted violation for every rule", async () => {
    const rules = Configuration.parse(await import(join(HOME, ".dependency-cruiser.mjs"))).default.forbidden;
    expect(Object.keys(VIOLATIONS).toSorted()).toEqual(rules.map(({ name }) => name).toSorted());
  });

  it("allows every arrow of docs/architecture.md", async () => {
    const result = await runOnPlanted("rings", ALLOWED);
    expect(result.output).toContain("no dependency violations found");
    expect(result.ok).toBe(true);
  }, 60_000);
});
