import { AddressRules } from "#platform/address-rules.ts";
import type { TrafficOptions } from "#gateway/traffic.ts";
import type { CertificateSource } from "#gateway/tls/certificate-files.ts";
import { UpstreamAuthorities } from "#gateway/tls/upstream-tls.ts";
import { TrustedPeers } from "#gateway/trusted-peers.ts";
import { SettingsError, type GatewayEnv } from "#platform/env.ts";
import { parseServers } from "#zookeeper/servers.ts";

/** What the settings say of the listeners for traffic, of one worker where there are several. @throws SettingsError when they do not fit together. */
export function trafficOptions(env: GatewayEnv): TrafficOptions {
  const workers = env.GATEWAY_WORKERS;
  const share = (limit: number): number => Math.ceil(limit / workers);
  return {
    edge: { host: env.GATEWAY_HOST, port: env.GATEWAY_PORT },
    tls: tlsOptions(env),
    egress: { host: env.GATEWAY_EGRESS_HOST, listeners: env.GATEWAY_EGRESS },
    trusted: new TrustedPeers(env.GATEWAY_TRUSTED_PEERS),
    tracePercent: env.GATEWAY_TRACE_PERCENT,
    limits: { connections: share(env.GATEWAY_MAX_CONNECTIONS), requests: share(env.GATEWAY_MAX_REQUESTS) },
    sharers: workers,
    drainMs: env.GATEWAY_DRAIN_MS,
  };
}

/** Where instances may lead: as the settings say, but never to ZooKeeper, which obeys whoever reaches it. */
export function addressRules(env: GatewayEnv): AddressRules {
  const rules = new AddressRules({ allow: env.GATEWAY_UPSTREAM_ALLOW, deny: env.GATEWAY_UPSTREAM_DENY });
  for (const server of parseServers(env.ZOOKEEPER).servers) rules.guard(server);
  return rules;
}

/** @throws SettingsError when the file cannot be read. */
export function upstreamAuthorities({ GATEWAY_UPSTREAM_CA: file }: GatewayEnv): UpstreamAuthorities {
  try {
    return new UpstreamAuthorities(file ?? null);
  } catch (error) {
    throw new SettingsError([`GATEWAY_UPSTREAM_CA: ${error instanceof Error ? error.message : String(error)}.`]);
  }
}

function tlsOptions(env: GatewayEnv): { port: number; certificates: CertificateSource } | null {
  const { GATEWAY_TLS_PORT: port, GATEWAY_TLS_CERT: cert, GATEWAY_TLS_KEY: key, GATEWAY_TLS_DIR: path } = env;
  if (port === undefined) return null;
  if (path !== undefined && cert === undefined && key === undefined)
    return { port, certificates: { kind: "folder", path } };
  if (path === undefined && cert !== undefined && key !== undefined)
    return { port, certificates: { kind: "pair", cert, key } };
  throw new SettingsError([
    "GATEWAY_TLS_PORT needs certificates: GATEWAY_TLS_CERT and GATEWAY_TLS_KEY, or GATEWAY_TLS_DIR alone.",
  ]);
}
