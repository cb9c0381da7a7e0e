import { Acknowledgement } from "#domain/gateway-info.ts";
import type { Log } from "#platform/log.ts";
import { decode, decodeHead } from "#zookeeper/codec.ts";
import { levelLoop } from "#zookeeper/level-loop.ts";
import { paths } from "#zookeeper/paths.ts";
import type { ZooKeeper } from "#zookeeper/session.ts";

/** Watches, all the time, that no revision goes back. */
export interface RevisionWatch {
  /** Problems since this was asked last. */
  takeProblems(): readonly string[];
  /** The gateway's disk lost something: what it acknowledges next may be older. */
  gatewayLostItsDisk(): void;
  /** ZooKeeper has older data: the head there is older, and so is what the gateway acknowledged before. */
  zooKeeperWentBack(): void;
  stop(): Promise<void>;
}

const ACKNOWLEDGEMENT_BYTES = 256 * 1024;

/** Follows the head, and a gateway's acknowledgement. A node that is missing or unreadable says nothing. */
export function watchRevisions(zk: ZooKeeper, root: string, gatewayId: string, log: Log): RevisionWatch {
  let problems: string[] = [];
  let head = 0;
  let acknowledged = 0;
  const onHint = (): void => loop.wake();
  const loop = levelLoop(zk, {
    name: "revision watch",
    log,
    async work() {
      const found = await zk.read(paths.head(root), onHint);
      const decoded = found === null ? null : decodeHead(found.data);
      if (decoded?.ok === true) head = grown("the head", head, decoded.value.revision);
      const node = await zk.read(`${paths.acknowledgements(root)}/${gatewayId}`, onHint);
      const ack = node === null ? null : decode(node.data, Acknowledgement, ACKNOWLEDGEMENT_BYTES);
      if (ack?.ok === true) acknowledged = grown("the gateway's acknowledgement", acknowledged, ack.value.revision);
    },
  });

  function grown(what: string, before: number, now: number): number {
    if (now < before) problems.push(`${what} went back from revision ${before} to ${now}`);
    return now;
  }

  return {
    takeProblems() {
      const taken = problems;
      problems = [];
      return taken;
    },
    gatewayLostItsDisk: () => void (acknowledged = 0),
    zooKeeperWentBack: () => void (head = acknowledged = 0),
    stop: () => loop.stop(),
  };
}
