import { failpoint } from "#platform/failpoint.ts";
import type { PolicySource } from "#zookeeper/database-reading.ts";
import type { ZooKeeper } from "#zookeeper/session.ts";

/** What a console did to ZooKeeper. */
export interface Observed {
  /** Transactions that were accepted. */
  multis: number;
}

/** A session that counts what is written, and has the failpoints around its writes. */
export function observe(zk: ZooKeeper, observed: Observed): ZooKeeper {
  return {
    ...zk,
    async multi(ops) {
      failpoint("publish.before-multi");
      await zk.multi(ops);
      observed.multis += 1;
      failpoint("publish.after-multi");
    },
    async create(path, data, options) {
      const created = await zk.create(path, data, options);
      if (options?.sequential === true) failpoint("election.node-created");
      return created;
    },
  };
}

/** The database as the publisher reads it, with the failpoint between reading ZooKeeper and reading the database. */
export function observeSource(source: PolicySource): PolicySource {
  return {
    ...source,
    readSince(after) {
      failpoint("publish.mesh-read");
      return source.readSince(after);
    },
  };
}
