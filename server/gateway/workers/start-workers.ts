import { Lifecycle } from "#platform/lifecycle.ts";
import { serveAdmin } from "../admin.ts";
import { listen } from "../http-listener.ts";
import type { Gateway } from "../start-gateway.ts";
import { Lead, type WorkersOptions } from "./lead.ts";

/**
 * Starts a gateway of several processes. This one follows the feeds, answers on the admin listener, and keeps what must
 * outlive a restart; its workers serve. Their counts are one gateway's; their breakers are each their own.
 * @throws ListenFailure, CertificateFailure when a worker could not start; nothing is left running then.
 */
export async function startWorkers(options: WorkersOptions): Promise<Gateway> {
  const lifecycle = new Lifecycle(options.log);
  const lead = await lifecycle.start(() => new Lead(options));
  const admin = await lifecycle.start(() =>
    listen({ listener: "admin", ...options.admin, onRequest: serveAdmin(lead.adminSources()) }),
  );
  await lifecycle.start(() => lead.hystrix);
  lead.guard({ host: options.admin.host, port: admin.port });
  const ports = await lifecycle.start(async () => {
    try {
      return { ...(await lead.fleet.start()), name: "workers", stop: () => lead.stopWorkers() };
    } catch (error) {
      await lead.fleet.stop();
      throw error;
    }
  });
  return {
    name: "gateway",
    edgePort: ports.edgePort,
    tlsPort: ports.tlsPort,
    adminPort: admin.port,
    egressPorts: ports.egressPorts,
    onApplied: (listener) => lead.onApplied(listener),
    async stop() {
      lead.drain();
      await lifecycle.stop();
    },
  };
}
