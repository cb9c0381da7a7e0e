import { z } from "zod";
import { EMPTY_SNAPSHOT } from "#domain/snapshot.ts";
import { startGateway } from "#gateway/start-gateway.ts";
import { useGatewayMemory } from "#gateway/memory-habits.ts";
import { openLog } from "#platform/log.ts";
import { acknowledge, announceGateway } from "#zookeeper/gateway-presence.ts";
import { followPolicy } from "#zookeeper/policy-follower.ts";
import { watchRegistry } from "#zookeeper/registry.ts";
import { openZooKeeper } from "#zookeeper/session.ts";
import { openNotebook, traceZooKeeper } from "./trace.ts";

/** A gateway as `composeGateway` puts it together, with a note of each step of an edit; it hands them out when asked. */
const Settings = z.object({ ZOOKEEPER: z.string(), DATA_DIR: z.string(), GATEWAY_ID: z.string(), ROOT: z.string() });

useGatewayMemory();
const { ZOOKEEPER, DATA_DIR, GATEWAY_ID: id, ROOT: root } = Settings.parse(process.env);
const log = openLog(id, "fatal");
const { note, take } = openNotebook();
const zk = traceZooKeeper(openZooKeeper({ servers: ZOOKEEPER, role: "member", log }), root, log, note);
const policy = followPolicy(zk, { root, initial: EMPTY_SNAPSHOT, log });
// Told before the gateway, which is told next: what lies between is compiling.
policy.onSnapshot(() => note("validated"));
const registry = watchRegistry(zk, { root: "/services", dubbo: null, log });
const gateway = await startGateway({
  id,
  admin: { host: "127.0.0.1", port: 0 },
  edge: { host: "127.0.0.1", port: 0 },
  egress: { host: "127.0.0.1", listeners: [] },
  drainMs: 0,
  dataDir: DATA_DIR,
  policy,
  registry,
  lastGood: null,
  log,
});
policy.onSnapshot(() => note("compiled"));
const acknowledgement = acknowledge(zk, root, id);
announceGateway(zk, root, {
  id,
  adminUrl: "http://127.0.0.1:1",
  edgeUrl: "http://127.0.0.1:1",
  version: "",
  startedAtMs: 0,
});
gateway.onApplied(({ policy: { incarnation, revision, root: hash }, refused, atMs: appliedAtMs }) => {
  note("on disk");
  acknowledgement.update({ gatewayId: id, incarnation, revision, root: hash, refused: [...refused], appliedAtMs });
});
process.on("message", () => process.send?.({ notes: take() }));
process.send?.({ ready: true });
