import zookeeper, { type Client } from "node-zookeeper-client";

const PATH = "/bench-floor";

/** The least a change through ZooKeeper can take with the plain client: one setData, the watch it fires, one getData. */
export interface ZooKeeperFloor {
  /** One change; ms from the call until the other client has read it. */
  changeOnce(): Promise<number>;
  stop(): void;
}

export async function startZooKeeperFloor(address: string): Promise<ZooKeeperFloor> {
  const writer = await connect(address);
  const reader = await connect(address);
  await new Promise<void>((resolve, reject) =>
    writer.create(PATH, Buffer.from("0"), [new zookeeper.ACL(31, new zookeeper.Id("world", "anyone"))], 0, (error) =>
      error ? reject(error) : resolve(),
    ),
  );
  let count = 0;
  return {
    async changeOnce() {
      count += 1;
      const wanted = String(count);
      const changed = await watchOnce(reader);
      const since = performance.now();
      writer.setData(PATH, Buffer.from(wanted), -1, () => undefined);
      await changed.fired;
      const text = await read(reader);
      const tookMs = performance.now() - since;
      if (text !== wanted) throw new Error(`read ${text}, wrote ${wanted}`);
      return tookMs;
    },
    stop() {
      writer.close();
      reader.close();
    },
  };
}

function connect(address: string): Promise<Client> {
  const client = zookeeper.createClient(address, { sessionTimeout: 10_000, retries: 0 });
  return new Promise((resolve) => {
    client.once("connected", () => resolve(client));
    client.connect();
  });
}

/** Arms a watch; `fired` resolves when it has. */
function watchOnce(client: Client): Promise<{ fired: Promise<void> }> {
  const fired = Promise.withResolvers<void>();
  return new Promise((resolve, reject) =>
    client.getData(
      PATH,
      () => fired.resolve(),
      (error) => (error ? reject(error) : resolve({ fired: fired.promise })),
    ),
  );
}

function read(client: Client): Promise<string> {
  return new Promise((resolve, reject) =>
    client.getData(PATH, undefined, (error, data) => (error ? reject(error) : resolve((data ?? "").toString()))),
  );
}
