import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { parseAddressRange } from "#domain/address-range.ts";
import type { RegistryPicture } from "#domain/instance.ts";
import { RouteSpec } from "#domain/route.ts";
import { EMPTY_SNAPSHOT, type PolicySnapshot, type Published } from "#domain/snapshot.ts";
import { AddressRules } from "#gateway/address-rules.ts";
import { startGateway } from "#gateway/start-gateway.ts";

/** The whole gateway, with 1,000 routes, every breaker, every counter and all response metadata on. */
const [, , target = ""] = process.argv;
const dataDir = mkdtempSync(join(tmpdir(), "meshkeeper-bench-"));
process.on("exit", () => rmSync(dataDir, { recursive: true, force: true }));
process.on("disconnect", () => process.exit(0));

const route = (index: number): [string, Published<RouteSpec>] => {
  const id = `route-${index}`;
  const path = { kind: "prefix" as const, value: index === 0 ? "/" : `/service-${index}/api` };
  return [
    id,
    {
      id,
      revision: index + 1,
      spec: RouteSpec.parse({ matches: [{ path }], destinations: [{ service: "target", weight: 1 }] }),
    },
  ];
};
const policy: PolicySnapshot = {
  ...EMPTY_SNAPSHOT,
  revision: 1000,
  routes: new Map(Array.from({ length: 1000 }, (_, i) => route(i))),
};
const registry: RegistryPicture = {
  readAtMs: 1,
  services: [
    {
      name: "target",
      unreadable: [],
      instances: [
        {
          service: "target",
          id: "target-1",
          address: "127.0.0.1",
          port: Number(new URL(target).port),
          tls: false,
          metadata: {},
          serving: true,
          origin: "curator",
          registeredAtMs: 0,
        },
      ],
    },
  ],
};

const gateway = await startGateway({
  id: "bench",
  edge: { host: "127.0.0.1", port: 0 },
  admin: { host: "127.0.0.1", port: 0 },
  egress: { host: "127.0.0.1", listeners: [] },
  drainMs: 0,
  dataDir,
  policy: { current: () => policy, refused: () => [], onSnapshot: () => () => undefined, ready: Promise.resolve() },
  registry: { current: () => registry, onPicture: () => () => undefined, ready: Promise.resolve() },
  lastGood: null,
  rules: new AddressRules({ allow: [parseAddressRange("127.0.0.0/8")].filter((range) => range !== null) }),
  log: pino({ level: "silent" }),
});
process.send?.(gateway.edgePort);
