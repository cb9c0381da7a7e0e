import { connect as connectTcp, isIP, type LookupFunction, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import { sharedRead, type OnBytes } from "../http/shared-reads.ts";
import type { MeshInstance } from "../mesh.ts";

/** Which addresses may be connected to, whatever the registry says. Only what a name resolves to counts. */
export interface ConnectRules {
  check(address: string, port: number): boolean;
  /** Resolves like the system does, and leaves out what may not be connected to. */
  readonly lookup: (port: number) => LookupFunction;
}

export interface ConnectOptions {
  readonly rules: ConnectRules | null;
  /** How to speak TLS to an instance; null: not at all. */
  readonly tls: (instance: MeshInstance) => ConnectionOptions | null;
}

/**
 * Opens a connection to an instance; null when its address may not be connected to. `plainReads`: bytes come as `data`
 * events, for a socket that will be somebody else's.
 */
export function openSocket(
  instance: MeshInstance,
  options: ConnectOptions,
  plainReads: boolean,
  onBytes: OnBytes,
): Socket | null {
  const { address, port } = instance;
  const { rules } = options;
  if (rules !== null && isIP(address) !== 0 && !rules.check(address, port)) return null;
  const to = {
    host: address,
    port,
    noDelay: true,
    ...(rules === null ? {} : { lookup: rules.lookup(port) }),
  };
  const tls = options.tls(instance);
  if (tls !== null) return connectTls({ ...to, ...tls, ALPNProtocols: ["http/1.1"] }).on("data", onBytes);
  if (plainReads) return connectTcp(to).on("data", onBytes);
  return connectTcp({ ...to, onread: sharedRead(onBytes) });
}
