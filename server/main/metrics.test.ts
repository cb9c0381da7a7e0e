import { readFileSync } from "node:fs";
import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { join } from "node:path";
import { request } from "undici";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { testSync, testZooKeeperLink } from "#domain/test-sync.ts";
import { TestMesh } from "#gateway/test-bed/test-mesh.ts";
import { openConsoleMetrics, type ConsoleMetricsSources } from "./console-metrics.ts";
import { refuseMetrics } from "./metrics-access.ts";

const DASHBOARD = join(import.meta.dirname, "../../docs/grafana/meshkeeper.json");

let mesh: TestMesh | undefined;
afterEach(async () => {
  await mesh?.stop();
  mesh = undefined;
});

const acknowledged = (gatewayId: string, revision: number, incarnation = "a") => ({
  gatewayId,
  incarnation,
  revision,
  root: "",
  refused: [],
  appliedAtMs: 0,
});
const status = (id: string, change: object = {}) => ({
  id,
  registration: null,
  acknowledgement: null,
  lastWindowAtMs: 0,
  lostWindows: 0,
  dropped: 0,
  stream: { state: "up" as const, sinceMs: 0, problem: "" },
  ...change,
});

const SOURCES: ConsoleMetricsSources = {
  collector: {
    statuses: () => [
      status("gw-1", { acknowledgement: acknowledged("gw-1", 7), lastWindowAtMs: 1500, lostWindows: 3, dropped: 4 }),
      status("gw-2", {
        acknowledgement: acknowledged("gw-2", 6),
        stream: { state: "down", sinceMs: 0, problem: "It" },
      }),
      status("gw-3", { acknowledgement: acknowledged("gw-3", 9, "b") }),
      status("gw-4"),
    ],
    load: () => ({ windows: 12, series: 5, cells: 9 }),
  },
  live: { cost: () => ({ pictures: 3, lastMs: 5, longestMs: 20, totalMs: 2500, readers: 2 }) },
  sync: () => testSync({ savedRevision: 8, publishedRevision: 7, openDrift: 1 }),
  links: () => ({ zookeeper: testZooKeeperLink(), database: { state: "down", sinceMs: 0, problem: "It is away." } }),
  isLeader: () => true,
  version: "1.2.3",
};

/** What a page of metrics declares: its families and their types. */
function familiesOf(text: string): Map<string, string> {
  const lines = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  return new Map(lines.map(([, name = "", type = ""]) => [name, type]));
}

/** The metrics of a gateway as it prints them. */
async function gatewayPage(): Promise<string> {
  return (await request(`${mesh?.admin ?? ""}/metrics`)).body.text();
}

const Panel = z.object({
  title: z.string(),
  type: z.string(),
  datasource: z.object({ uid: z.string() }).optional(),
  targets: z.array(z.object({ expr: z.string() })).default([]),
});
const Dashboard = z.object({
  uid: z.string(),
  panels: z.array(Panel),
  templating: z.object({
    list: z.array(z.object({ name: z.string(), type: z.string(), definition: z.string().optional() })),
  }),
  annotations: z.object({ list: z.array(z.object({ expr: z.string().optional() })) }),
});

describe("a gateway's metrics", () => {
  it("count the calls to services by how they ended, their time, their bytes, and what breakers did", async () => {
    mesh = await TestMesh.start();
    const instance = await mesh.serve("echo", (incoming, response) => {
      response.writeHead(incoming.url === "/bad" ? 500 : 200).end("hello");
    });
    mesh.route("echo", { destinations: [{ service: "echo", weight: 1 }] });
    mesh.breaker({ target: { kind: "service", service: "echo" }, settings: { requestVolumeThreshold: 3 } });
    for (let n = 0; n < 5; n += 1) await request(mesh.edge).then(({ body }) => body.text());
    for (let n = 0; n < 9; n += 1) await request(`${mesh.edge}/bad`).then(({ body }) => body.text());
    await expect.poll(gatewayPage, { timeout: 5000 }).toContain('outcome="short-circuited"');
    const lines = (await gatewayPage()).split("\n");
    expect(lines).toContain('meshkeeper_calls_total{route="echo",service="echo",outcome="success"} 5');
    expect(lines).toContain('meshkeeper_calls_total{route="echo",service="echo",outcome="failure"} 5');
    expect(lines).toContain('meshkeeper_calls_total{route="echo",service="echo",outcome="short-circuited"} 4');
    expect(lines).toContain('meshkeeper_response_bytes_total{route="echo",service="echo"} 50');
    expect(lines).toContain('meshkeeper_breaker_transitions_total{route="echo",service="echo",to="open"} 1');
    expect(lines).toContain('meshkeeper_call_duration_seconds_count{service="echo"} 10');
    expect(lines).toContain('meshkeeper_call_duration_seconds_bucket{le="+Inf",service="echo"} 10');
    expect(lines).toContain('meshkeeper_calls_in_flight{route="echo",service="echo"} 0');
    await instance.stop();
  });
});

describe("the dashboard for Grafana", () => {
  const dashboard = Dashboard.parse(JSON.parse(readFileSync(DASHBOARD, "utf8")));
  const expressions = [
    ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ...dashboard.templating.list.flatMap(({ definition }) => definition ?? []),
    ...dashboard.annotations.list.flatMap(({ expr }) => expr ?? []),
  ];

  it("asks for nothing that neither a gateway nor a console prints", async () => {
    mesh = await TestMesh.start();
    const families = new Map([
      ...familiesOf(await gatewayPage()),
      ...familiesOf(await openConsoleMetrics(SOURCES).metrics()),
    ]);
    const asked = expressions.flatMap((expr) => [...expr.matchAll(/\b(?:meshkeeper|process|nodejs)_\w+/g)].map(String));
    expect(asked.length).toBeGreaterThan(40);
    const unknown = asked.filter((name) => {
      const family = name.replace(/_(?:bucket|sum|count)$/, "");
      return !families.has(name) && families.get(family) !== "histogram";
    });
    expect(unknown).toEqual([]);
  });

  it("has its rows, and takes every panel's data from the source that is chosen", () => {
    const rows = dashboard.panels.filter(({ type }) => type === "row").map(({ title }) => title);
    expect(rows).toEqual(["Traffic", "Latency", "Breakers and instances", "Sync", "Telemetry health"]);
    const others = dashboard.panels.filter(({ type }) => type !== "row");
    expect(others.filter(({ datasource }) => datasource?.uid !== "${datasource}")).toEqual([]);
    expect(others.filter(({ targets }) => targets.length === 0)).toEqual([]);
    expect(dashboard.templating.list.map(({ name, type }) => [name, type])).toContainEqual([
      "datasource",
      "datasource",
    ]);
  });
});

describe("the names of metrics", () => {
  it("are as Prometheus wants them: counters end in _total and nothing else does, units are seconds and bytes", async () => {
    mesh = await TestMesh.start();
    const pages = [await gatewayPage(), await openConsoleMetrics(SOURCES).metrics()];
    const own = pages.flatMap((page) => [...familiesOf(page)]).filter(([name]) => name.startsWith("meshkeeper_"));
    expect(own.length).toBeGreaterThan(40);
    for (const [name, type] of own) {
      expect([name, name.endsWith("_total")]).toEqual([name, type === "counter"]);
      expect(name).not.toMatch(/_(?:ms|millis|milliseconds|kb|mb|percent)(?:_|$)/);
    }
  });
});

describe("the console's metrics", () => {
  it("say how gateways, links, publishing and the live picture do", async () => {
    const text = await openConsoleMetrics(SOURCES).metrics();
    const lines = text.split("\n");
    for (const line of [
      'meshkeeper_console_gateway_stream_up{gateway="gw-2"} 0',
      'meshkeeper_console_gateway_last_window_timestamp_seconds{gateway="gw-1"} 1.5',
      'meshkeeper_console_gateway_windows_lost_total{gateway="gw-1"} 3',
      'meshkeeper_console_gateway_observations_dropped_total{gateway="gw-1"} 4',
      'meshkeeper_console_gateways{state="current"} 1',
      'meshkeeper_console_gateways{state="behind"} 2',
      'meshkeeper_console_gateways{state="unknown"} 1',
      'meshkeeper_console_link_up{link="zookeeper"} 1',
      'meshkeeper_console_link_up{link="database"} 0',
      "meshkeeper_console_saved_revision 8",
      "meshkeeper_console_published_revision 7",
      "meshkeeper_console_leader 1",
      "meshkeeper_console_picture_seconds_total 2.5",
      "meshkeeper_console_series_by_gateway 9",
      "meshkeeper_console_windows_total 12",
      'meshkeeper_build_info{component="console",version="1.2.3"} 1',
    ])
      expect(lines).toContain(line);
    expect(text).not.toContain('last_window_timestamp_seconds{gateway="gw-4"}');
  });
});

describe("who may read the console's metrics", () => {
  const asking = (remoteAddress: string, headers: Record<string, string> = {}): IncomingMessage => {
    const socket = new Socket();
    Object.defineProperty(socket, "remoteAddress", { value: remoteAddress });
    return Object.assign(new IncomingMessage(socket), { headers });
  };
  const TOKEN = "0123456789abcdef";

  it.each([
    ["this machine", "127.0.0.1", {}, undefined, null],
    ["this machine by IPv6", "::1", {}, undefined, null],
    ["this machine by both", "::ffff:127.0.0.1", {}, undefined, null],
    ["another machine", "10.0.0.7", {}, undefined, 403],
    ["a proxy on this machine", "127.0.0.1", { "x-forwarded-for": "10.0.0.7" }, undefined, 403],
    ["a token where none is set", "10.0.0.7", { authorization: `Bearer ${TOKEN}` }, undefined, 403],
    ["the token, from anywhere", "10.0.0.7", { authorization: `Bearer ${TOKEN}` }, TOKEN, null],
    ["the token in another case of its scheme", "10.0.0.7", { authorization: `bearer ${TOKEN}` }, TOKEN, null],
    ["another token", "127.0.0.1", { authorization: `Bearer ${TOKEN}x` }, TOKEN, 401],
    ["the token by another scheme", "127.0.0.1", { authorization: `Basic ${TOKEN}` }, TOKEN, 401],
    ["no token, on this machine", "127.0.0.1", {}, TOKEN, 401],
  ])("%s", (_, address, headers, token, refused) => {
    expect(refuseMetrics(asking(address, headers), token)?.status ?? null).toBe(refused);
  });
});
