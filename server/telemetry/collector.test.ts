import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import type { TrafficWindow } from "#domain/traffic.ts";
import { systemClock } from "#platform/clock.ts";
import { collectTelemetry, type Collector, type GatewayDirectory } from "./collector.ts";
import { GatewayStream } from "./gateway-stream.ts";

/** A gateway's telemetry listener with the gateway's own stream behind it. */
interface TestGateway {
  readonly port: number;
  /** Closes a window. */
  publish(change?: Partial<TrafficWindow>): void;
  /** Starts anew, with an empty buffer. */
  restart(run: string): void;
  cut(): void;
  stop(): Promise<void>;
}

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

async function startGateway(port = 0): Promise<TestGateway> {
  let run = "run-1";
  let sequence = 0;
  let stream = new GatewayStream(run, () => performance.now());
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://gateway");
    const after = url.searchParams.get("after");
    stream.attach(response, { run: url.searchParams.get("run"), after: after === null ? null : Number(after) });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const gateway: TestGateway = {
    port: typeof address === "object" && address !== null ? address.port : 0,
    publish(change = {}) {
      sequence += 1;
      const endMs = Date.now();
      stream.publish({
        sequence,
        run,
        gatewayId: "gw",
        startMs: endMs - 1000,
        endMs,
        edges: [],
        breakers: [],
        transitions: [],
        ejections: [],
        instances: [],
        unrouted: 0,
        dropped: 0,
        ...change,
      });
    },
    restart(next) {
      run = next;
      sequence = 0;
      stream = new GatewayStream(run, () => performance.now());
      server.closeAllConnections();
    },
    cut: () => server.closeAllConnections(),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return gateway;
}

function collect(port: number): { collector: Collector; windows: string[]; leave: () => void } {
  const windows: string[] = [];
  const registration = {
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
  const onWindow = (window: TrafficWindow): void => void windows.push(`${window.run}/${window.sequence}`);
  const collector = collectTelemetry({ directory, onWindow, clock: systemClock, log: pino({ level: "silent" }) });
  stops.push(() => collector.stop());
  const leave = (): void => {
    registrations = [];
    for (const listener of listeners) listener();
  };
  return { collector, windows, leave };
}

const status = (collector: Collector) => collector.statuses()[0];
const until = (condition: () => boolean): Promise<void> =>
  expect.poll(condition, { timeout: 8000, interval: 10 }).toBe(true);

describe("the telemetry collector", () => {
  it("takes each window once, over a connection that breaks again and again", async () => {
    const gateway = await startGateway();
    stops.push(() => gateway.stop());
    gateway.publish();
    gateway.publish();
    const { collector, windows } = collect(gateway.port);
    await until(() => windows.length === 2);
    for (let n = 3; n <= 6; n += 1) {
      gateway.cut();
      gateway.publish();
      await until(() => windows.length === n);
    }
    expect(windows).toEqual([1, 2, 3, 4, 5, 6].map((n) => `run-1/${n}`));
    expect(status(collector)).toMatchObject({ lostWindows: 0, stream: { state: "up", problem: "" } });
  });

  it("counts windows that the gateway had no room to keep as lost, and observations it dropped", async () => {
    const gateway = await startGateway();
    stops.push(() => gateway.stop());
    gateway.publish();
    const { collector, windows } = collect(gateway.port);
    await until(() => windows.length === 1);
    gateway.cut();
    // The buffer holds 600.
    for (let n = 0; n < 610; n += 1) gateway.publish({ dropped: n === 609 ? 7 : 0 });
    await until(() => windows.at(-1) === "run-1/611");
    expect(status(collector)?.lostWindows).toBe(10);
    expect(status(collector)?.dropped).toBe(7);
  });

  it("goes on with a gateway that was started anew, from its first window", async () => {
    const gateway = await startGateway();
    stops.push(() => gateway.stop());
    gateway.publish();
    const { collector, windows } = collect(gateway.port);
    await until(() => windows.length === 1);
    gateway.restart("run-2");
    gateway.publish();
    gateway.publish();
    await until(() => windows.length === 3);
    expect(windows).toEqual(["run-1/1", "run-2/1", "run-2/2"]);
    expect(status(collector)?.lostWindows).toBe(0);
  });

  it("says what is wrong while a gateway is away, and finds it when it is back", async () => {
    const gateway = await startGateway();
    gateway.publish();
    const { collector, windows } = collect(gateway.port);
    await until(() => windows.length === 1);
    await gateway.stop();
    await until(
      () => status(collector)?.stream.state === "down" && status(collector)?.stream.problem === "It cannot be reached.",
    );
    const again = await startGateway(gateway.port);
    stops.push(() => again.stop());
    again.restart("run-2");
    again.publish();
    await until(() => windows.length === 2);
    expect(status(collector)?.stream.state).toBe("up");
  });

  it("keeps following a gateway that vanished from the registry while its stream goes on", async () => {
    const gateway = await startGateway();
    stops.push(() => gateway.stop());
    gateway.publish();
    const { collector, windows, leave } = collect(gateway.port);
    await until(() => windows.length === 1);
    leave();
    gateway.publish();
    await until(() => windows.length === 2);
    expect(status(collector)).toMatchObject({ registration: null, stream: { state: "up" } });
  });

  it("passes over a window it cannot read, and counts it as lost", async () => {
    const gateway = await startGateway();
    stops.push(() => gateway.stop());
    gateway.publish();
    gateway.publish({ unrouted: -1 });
    gateway.publish();
    const { collector, windows } = collect(gateway.port);
    await until(() => windows.length === 2);
    expect(windows).toEqual(["run-1/1", "run-1/3"]);
    expect(status(collector)?.lostWindows).toBe(1);
  });
});
