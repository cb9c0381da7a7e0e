import { z } from "zod";
import { EMPTY_SNAPSHOT } from "#domain/snapshot.ts";
import { openLog } from "#platform/log.ts";
import { acknowledge } from "#zookeeper/gateway-presence.ts";
import { followPolicy } from "#zookeeper/policy-follower.ts";
import { openZooKeeper } from "#zookeeper/session.ts";
import type { Applied } from "./many-gateways.ts";

/** Many gateways' control side in one process: each with a session, a follower and an acknowledgement of its own. */
const Start = z.object({ zookeeper: z.string(), root: z.string(), ids: z.array(z.string()) });

function openGateway(id: string, { zookeeper, root }: z.infer<typeof Start>): void {
  const log = openLog(id, "fatal");
  const zk = openZooKeeper({ servers: zookeeper, role: "member", log });
  const acknowledgement = acknowledge(zk, root, id);
  const follower = followPolicy(zk, { root, initial: EMPTY_SNAPSHOT, log });
  follower.onSnapshot(({ incarnation, revision, root: hash }) => {
    const appliedAtMs = Date.now();
    acknowledgement.update({
      gatewayId: id,
      incarnation,
      revision,
      root: hash,
      refused: [...follower.refused()],
      appliedAtMs,
    });
    process.send?.({ id, revision, atMs: appliedAtMs } satisfies Applied);
  });
}

process.once("message", (message) => {
  const start = Start.parse(message);
  for (const id of start.ids) openGateway(id, start);
});
process.once("disconnect", () => process.exit(0));
