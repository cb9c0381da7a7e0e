import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { pino } from "pino";
import type { GatewayRegistration } from "#domain/gateway-info.ts";
import type { TrafficWindow } from "#domain/traffic.ts";
import { systemClock, type Clock } from "#platform/clock.ts";
import { collectTelemetry, type Collector, type GatewayDirectory } from "./collector.ts";
import { GatewayStream, readFromQuery } from "./gateway-stream.ts";
import { testWindow } from "./test-window.ts";

/** A gateway's telemetry listener with the gateway's own stream behind it. */
export interface TestGateway {
  readonly port: number;
  readonly run: () => string;
  /** Sequence of the window closed last. */
  readonly sequence: () => number;
  /** What it was asked, one entry for each connection. */
  readonly asked: readonly string[];
  /** Closes a window. */
  publish(change?: Partial<TrafficWindow>): void;
  /** Starts anew, with an empty buffer. */
  restart(run: string): void;
  cut(): void;
  stop(): Promise<void>;
}

export interface TestGatewayOptions {
  readonly port?: number;
  readonly clock?: Clock;
  /** A gateway of before format 2: it knows nothing of formats. */
  readonly older?: boolean;
}

export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const { port = 0, clock = systemClock, older = false } = options;
  let run = "run-1";
  let sequence = 0;
  let stream = new GatewayStream(run, clock);
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://gateway");
    asked.push(url.search);
    if (older) url.searchParams.delete("format");
    stream.attach(response, readFromQuery(url.searchParams));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    run: () => run,
    sequence: () => sequence,
    asked,
    publish(change = {}) {
      sequence += 1;
      stream.publish(testWindow("gw", sequence, clock.nowMs(), [], { run, ...change }));
    },
    restart(next) {
      run = next;
      sequence = 0;
      stream = new GatewayStream(run, clock);
      server.closeAllConnections();
    },
    cut: () => server.closeAllConnections(),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export interface TestCollector {
  readonly collector: Collector;
  /** `run/sequence` of each window handed on. */
  readonly windows: string[];
  /** When each ended by the console's clock, as far as was known when it was handed on. */
  readonly endedMs: number[];
  /** The gateway leaves the registry, and registers again. */
  leave(): void;
  register(): void;
}

/** A console's collector with one gateway in its registry. */
export function collectFrom(port: number, clock: Clock = systemClock): TestCollector {
  const windows: string[] = [];
  const endedMs: number[] = [];
  const registration: GatewayRegistration = {
    id: "gw",
    adminUrl: `http://127.0.0.1:${port}`,
    edgeUrl: "http://127.0.0.1:1",
    version: "1",
    startedAtMs: 0,
  };
  let registrations = [registration];
  const listeners = new Set<() => void>();
  const directory: GatewayDirectory = {
    current: () => ({ registrations, acknowledgements: [] }),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const collector = collectTelemetry({
    directory,
    onWindow(window, endedAtMs) {
      windows.push(`${window.run}/${window.sequence}`);
      endedMs.push(endedAtMs());
    },
    backoff: { firstMs: 20, maxMs: 200 },
    clock,
    log: pino({ level: "silent" }),
  });
  return {
    collector,
    windows,
    endedMs,
    leave() {
      registrations = [];
      tell();
    },
    register() {
      registrations = [registration];
      tell();
    },
  };
}
