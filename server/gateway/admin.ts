import type { IncomingMessage, ServerResponse } from "node:http";
import { Registry } from "prom-client";
import type { GatewayHystrix } from "#telemetry/gateway-hystrix.ts";
import { readFromQuery, type GatewayStream } from "#telemetry/gateway-stream.ts";
import type { RefusedDocument } from "#domain/gateway-info.ts";
import type { InstanceReading } from "./instance-readings.ts";
import type { Mesh } from "./mesh.ts";
import { problem } from "./problem.ts";
import type { CertificateStatus } from "./tls/certificate-store.ts";

/** Where the policy in force came from. */
export type PolicyOrigin = "zookeeper" | "disk" | "none";

export interface AdminSources {
  readonly gatewayId: string;
  readonly mesh: () => Mesh | null;
  readonly origin: () => PolicyOrigin;
  readonly refused: () => readonly RefusedDocument[];
  readonly instances: () => readonly InstanceReading[];
  /** Why the gateway must get no traffic now; empty when it may. */
  readonly notReady: () => readonly string[];
  readonly certificates: () => readonly CertificateStatus[];
  /** In Prometheus' text format. */
  readonly metrics: () => Promise<string>;
  readonly stream: GatewayStream;
  readonly hystrix: GatewayHystrix;
}

/** Answers on the admin listener: health, readiness, metrics, configuration in force, telemetry, Hystrix's stream. */
export function serveAdmin(sources: AdminSources): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const url = URL.parse(request.url ?? "/", "http://admin.invalid");
    if (url === null) return notATarget(response);
    if (request.method !== "GET" && request.method !== "HEAD")
      return json(response, 405, { error: "Only GET is offered here" });
    switch (url.pathname) {
      case "/healthz":
        return json(response, 200, { status: "ok" });
      case "/readyz":
        return ready(response, sources.notReady());
      case "/metrics":
        return void metrics(response, sources.metrics);
      case "/config":
        return json(response, 200, config(sources));
      case "/telemetry":
        return telemetry(response, url.searchParams, sources.stream);
      case "/hystrix.stream":
        return sources.hystrix.attach(response, {
          delay: url.searchParams.get("delay"),
          bodyless: request.method === "HEAD",
        });
      default:
        return json(response, 404, {
          error: "Nothing here",
          paths: ["/healthz", "/readyz", "/metrics", "/config", "/telemetry", "/hystrix.stream"],
        });
    }
  };
}

function notATarget(response: ServerResponse): void {
  const { status, headers, bytes } = problem("BAD_REQUEST", { detail: "The request target cannot be read." });
  response.writeHead(status, headers).end(bytes);
}

function ready(response: ServerResponse, reasons: readonly string[]): void {
  json(response, reasons.length === 0 ? 200 : 503, { status: reasons.length === 0 ? "ready" : "not ready", reasons });
}

async function metrics(response: ServerResponse, render: () => Promise<string>): Promise<void> {
  try {
    const text = await render();
    response.writeHead(200, { "content-type": Registry.PROMETHEUS_CONTENT_TYPE }).end(text);
  } catch (error) {
    json(response, 500, { error: String(error) });
  }
}

function config({ gatewayId, mesh, origin, refused, certificates, instances }: AdminSources): unknown {
  const current = mesh();
  const source = current?.policy.source;
  return {
    gatewayId,
    incarnation: source?.incarnation ?? "",
    revision: source?.revision ?? 0,
    root: source?.root ?? "",
    source: origin(),
    refused: refused(),
    certificates: certificates(),
    routes: [...(source?.routes.values() ?? [])],
    breakers: [...(source?.breakers.values() ?? [])],
    overrides: [...(source?.overrides.values() ?? [])],
    servicePolicies: [...(source?.services.values() ?? [])],
    services: current?.registry.services ?? [],
    instances: instances(),
  };
}

function telemetry(response: ServerResponse, query: URLSearchParams, stream: GatewayStream): void {
  if (!stream.attach(response, readFromQuery(query)))
    json(response, 503, { error: "Too many readers of the telemetry stream" });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { "content-type": "application/json", "cache-control": "no-store" })
    .end(`${JSON.stringify(body)}\n`);
}
