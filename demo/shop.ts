import type { Log } from "#platform/log.ts";
import { Lifecycle, type Part } from "#platform/lifecycle.ts";
import { register } from "#registration/register.ts";
import type { ZooKeeper } from "#zookeeper/session.ts";
import { startInstanceServer, type Ask } from "./instance-server.ts";
import { meshCaller } from "./mesh-call.ts";
import { meshHost, SHOP_INSTANCES, type ShopInstance } from "./shop-map.ts";
import type { Troubles } from "./trouble.ts";

export interface ShopOptions {
  readonly zookeeper: ZooKeeper;
  readonly servicesRoot: string;
  readonly egressHost: string;
  /** The gateway's egress listeners: which service calls on which port. */
  readonly egress: readonly { readonly service: string; readonly port: number }[];
  readonly troubles: Troubles;
  readonly log: Log;
}

export interface Shop extends Part {
  /** Resolves when every instance has been registered. */
  readonly registered: Promise<void>;
}

/** Starts every instance of the shop and registers it. Stopping withdraws all before any server closes. */
export async function startShop(options: ShopOptions): Promise<Shop> {
  const servers = new Lifecycle(options.log);
  const registrations = new Lifecycle(options.log);
  const missing = new Set(SHOP_INSTANCES.map(({ id }) => id));
  const { promise: registered, resolve } = Promise.withResolvers<void>();
  const asks = new Map(
    options.egress.map(({ service, port }) => [service, askThrough({ host: options.egressHost, port })]),
  );
  try {
    for (const instance of SHOP_INSTANCES) await startInstance(instance);
  } catch (error) {
    await stop();
    throw error;
  }
  return { name: "shop", stop, registered };

  async function startInstance(instance: ShopInstance): Promise<void> {
    const ask = asks.get(instance.service)?.ask ?? cannotCall(instance.service);
    const { service, id, version, zone } = instance;
    let port = 0;
    await servers.start(async () => {
      const server = await startInstanceServer(instance, options.troubles, ask);
      port = server.port;
      return { name: id, stop: () => server.close() };
    });
    await registrations.start(() => {
      // By connection only: trouble on purpose is for breakers to find, the registry must not hide it.
      const registration = register({
        zookeeper: options.zookeeper,
        root: options.servicesRoot,
        service,
        id,
        address: "127.0.0.1",
        port,
        version,
        zone,
        health: "tcp",
        drainMs: 0,
        onChange: ({ kind }) => {
          if (kind === "registered" && missing.delete(id) && missing.size === 0) resolve();
        },
      });
      return { name: id, stop: () => registration.stop() };
    });
  }

  async function stop(): Promise<void> {
    await registrations.stop();
    await servers.stop();
    for (const { close } of asks.values()) close();
  }
}

function askThrough(listener: { host: string; port: number }): { ask: Ask; close: () => void } {
  const caller = meshCaller(listener);
  return {
    ask: (requestId) => (service, path, order) => {
      const call = { path, host: meshHost(service), requestId };
      return caller.call(order === undefined ? { ...call, method: "GET" } : { ...call, method: "POST", body: order });
    },
    close: () => caller.close(),
  };
}

/** For services that call nobody; one that should but has no listener says so in its answers. */
function cannotCall(service: string): Ask {
  const problem = `the gateway has no egress listener for ${service}`;
  return () => () => Promise.resolve({ status: 0, body: null, fallback: null, problem });
}
