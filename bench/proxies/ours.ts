import cluster from "node:cluster";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { z } from "zod";
import { parseAddressRange } from "#domain/address-range.ts";
import { AddressRules } from "#platform/address-rules.ts";
import { startGateway } from "#gateway/start-gateway.ts";
import { useGatewayMemory } from "#gateway/memory-habits.ts";
import { policyOf, registryOf } from "./ours-policy.ts";

/** The whole gateway, with every breaker, every counter and all response metadata on. */
const Options = z.object({
  upstream: z.int(),
  routes: z.int(),
  everyFilter: z.boolean(),
  workers: z.int(),
});
const { upstream, routes, everyFilter, workers } = Options.parse(JSON.parse(process.argv[2] ?? ""));
process.on("disconnect", () => process.exit(0));

/** Processes that share the port; the bench is told once all of them serve. */
function startWorkers(): void {
  let serving = 0;
  for (let count = 0; count < workers; count += 1) cluster.fork();
  cluster.on("message", (_worker, message) => {
    serving += 1;
    if (serving === workers) process.send?.(z.int().parse(message));
  });
  cluster.on("exit", () => process.exit(1));
}

async function serve(): Promise<void> {
  useGatewayMemory();
  const dataDir = mkdtempSync(join(tmpdir(), "meshkeeper-bench-"));
  process.on("exit", () => rmSync(dataDir, { recursive: true, force: true }));
  const policy = policyOf(routes, everyFilter);
  const registry = registryOf(routes, upstream);
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
}

if (workers > 1 && cluster.isPrimary) startWorkers();
else await serve();
