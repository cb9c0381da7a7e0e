import zookeeper from "node-zookeeper-client";
import { eventually } from "./test-harness.ts";

/**
 * The library as it is shipped, with nothing of ours around it, so that a test pins the fault it guards against: when a
 * version of the library no longer has it, the test says so. In this process `library.ts` may have made unknown error
 * codes harmless; what needs the library untouched runs in a process of its own.
 */
export interface PlainClient {
  readonly raw: ReturnType<typeof zookeeper.createClient>;
  /** Each state the library told of, in order, e.g. `SYNC_CONNECTED`. */
  readonly states: readonly string[];
  isConnected(): boolean;
  /** Resolves to the data's length. */
  read(path: string): Promise<number>;
  /** Arms a watch for the node's creation, change or deletion. */
  watch(path: string, onEvent: () => void): Promise<void>;
  create(path: string, data: Buffer, options?: { ephemeral?: boolean }): Promise<void>;
  /** Ends it, whatever state it is in: `close` does not. */
  stop(): Promise<void>;
}

export interface PlainOptions {
  readonly sessionTimeoutMs?: number;
  /** `user:password` */
  readonly auth?: string;
  /** Longest pause between two rounds of attempts, ms; the library's own default is 1000. */
  readonly spinDelayMs?: number;
}

/** Connected when it resolves, unless told not to wait. */
export async function openPlain(address: string, options: PlainOptions = {}, waits = true): Promise<PlainClient> {
  const raw = zookeeper.createClient(address, {
    sessionTimeout: options.sessionTimeoutMs ?? 1500,
    retries: 0,
    ...(options.spinDelayMs === undefined ? {} : { spinDelay: options.spinDelayMs }),
  });
  const states: string[] = [];
  raw.on("state", (state: { readonly name: string }) => states.push(state.name));
  if (options.auth !== undefined) raw.addAuthInfo("digest", Buffer.from(options.auth));
  const client: PlainClient = {
    raw,
    states,
    isConnected: () => states.at(-1) === "SYNC_CONNECTED",
    read: (path) =>
      new Promise((resolve, reject) => {
        raw.getData(path, undefined, (error, data) => (error ? reject(error) : resolve(data?.length ?? 0)));
      }),
    watch: (path, onEvent) =>
      new Promise((resolve, reject) => {
        raw.exists(path, onEvent, (error) => (error ? reject(error) : resolve()));
      }),
    create: (path, data, { ephemeral = false } = {}) =>
      new Promise((resolve, reject) => {
        raw.create(path, data, OPEN, ephemeral ? 1 : 0, (error) => (error ? reject(error) : resolve()));
      }),
    async stop() {
      raw.connectionManager.connect = () => {};
      clearTimeout(raw.connectionManager.connectTimeoutHandler);
      raw.connectionManager.socket?.destroy();
    },
  };
  raw.connect();
  if (waits) await eventually("the plain library connects", () => client.isConnected());
  return client;
}

const OPEN = [new zookeeper.ACL(31, new zookeeper.Id("world", "anyone"))];

/** `pending` when a promise has not settled by now. */
export async function outcomeNow(promise: Promise<unknown>): Promise<"pending" | "settled"> {
  return Promise.race([
    promise.then(
      () => "settled" as const,
      () => "settled" as const,
    ),
    new Promise<"pending">((resolve) => setImmediate(resolve, "pending")),
  ]);
}
