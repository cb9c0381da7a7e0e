import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import { z } from "zod";
import type { Failpoint } from "#platform/failpoint.ts";
import { startChild, type Child } from "./child.ts";
import { FromGateway, type ToGateway } from "./messages.ts";

const Published = z.array(z.object({ id: z.string(), revision: z.int(), spec: z.unknown() }));

/** What a gateway has in force, as its admin listener tells. */
export const GatewayConfig = z.object({
  incarnation: z.string(),
  revision: z.int(),
  root: z.string(),
  refused: z.array(z.unknown()),
  routes: Published,
  breakers: Published,
  overrides: Published,
  servicePolicies: Published,
});
export type GatewayConfig = z.infer<typeof GatewayConfig>;

export interface GatewayOptions {
  readonly id: string;
  readonly zookeeper: string;
  readonly root: string;
  /** Where it makes the folder it keeps its state in. */
  readonly within?: string | undefined;
}

/** A gateway process that can be killed and started again, by what it kept on disk. */
export interface GatewayChild {
  readonly dataDir: string;
  start(): Promise<void>;
  /** Has it end at the failpoint; resolves when it is armed. */
  arm(name: Failpoint, hit: number): Promise<void>;
  /** Resolves when the present process has ended. */
  exited(): Promise<unknown>;
  isRunning(): boolean;
  kill(signal: NodeJS.Signals): void;
  /** Sets its wall clock, by so much ahead of the machine's, ms. A process that starts has the machine's. */
  setClock(aheadMs: number): Promise<void>;
  isStopped(): boolean;
  said(): string;
  edgePort(): number;
  config(): Promise<GatewayConfig>;
  stop(): Promise<void>;
}

export function openGatewayChild(options: GatewayOptions): GatewayChild {
  const dataDir = mkdtempSync(join(options.within ?? tmpdir(), "meshkeeper-soak-"));
  let child: Child | undefined;
  let ports = { edgePort: 0, adminPort: 0 };
  const heard = new Map<string, () => void>();
  const send = (message: ToGateway): void => child?.send(message);

  const told = (answer: FromGateway["kind"], message: ToGateway): Promise<void> =>
    new Promise((resolve) => {
      heard.set(answer, resolve);
      send(message);
    });

  const gateway: GatewayChild = {
    dataDir,
    async start() {
      const next = startChild("gateway-process.ts");
      child = next;
      const up = Promise.withResolvers<void>();
      next.onMessage((message) => {
        const said = FromGateway.parse(message);
        if (said.kind === "up") {
          ports = said;
          up.resolve();
        } else heard.get(said.kind)?.();
      });
      void next.exited.then(() => up.reject(new Error(`the gateway did not start: ${next.said()}`)));
      send({
        kind: "start",
        env: {
          GATEWAY_ID: options.id,
          GATEWAY_PORT: "0",
          GATEWAY_ADMIN_PORT: "0",
          GATEWAY_UPSTREAM_ALLOW: "127.0.0.0/8",
          ZOOKEEPER: options.zookeeper,
          ZOOKEEPER_ROOT: options.root,
          DATA_DIR: dataDir,
          LOG_LEVEL: "fatal",
        },
      });
      await up.promise;
    },
    arm: (name, hit) => told("armed", { kind: "arm", failpoint: { name, hit, signal: "SIGKILL" } }),
    setClock: (aheadMs) => told("clock-set", { kind: "clock", aheadMs }),
    isStopped: () => child?.isStopped() === true,
    exited: async () => child?.exited,
    isRunning: () => child !== undefined && child.ending() === null,
    kill: (signal) => child?.kill(signal),
    said: () => child?.said() ?? "",
    edgePort: () => ports.edgePort,
    async config() {
      const answer = await request(`http://127.0.0.1:${ports.adminPort}/config`);
      return GatewayConfig.parse(await answer.body.json());
    },
    async stop() {
      child?.kill("SIGKILL");
      await child?.exited;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return gateway;
}
