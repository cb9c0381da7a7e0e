import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { PolicyDocument } from "#domain/policy.ts";
import { encodeDocument, encodeHead, makeHead, specHash } from "#zookeeper/codec.ts";
import type { ZooKeeper } from "#zookeeper/session.ts";

const Ready = z.object({
  ready: z.literal(true),
  edgePort: z.int(),
  adminPort: z.int(),
  egress: z.record(z.string(), z.int()),
});
const INCARNATION = "00000000-0000-4000-8000-000000000001";

/** A gateway process that is up. */
export interface RunningGateway extends z.infer<typeof Ready> {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  readonly output: () => string;
}

/** Starts gateway processes for tests, and ends those that are left. */
export class TestGateways {
  readonly #children: ChildProcess[] = [];
  readonly #environment: Readonly<Record<string, string>>;

  /** `environment`: for all of them. */
  constructor(environment: Readonly<Record<string, string>>) {
    this.#environment = environment;
  }

  spawn(environment: Readonly<Record<string, string>> = {}): Pick<RunningGateway, "child" | "exited" | "output"> {
    const child = fork(fileURLToPath(new URL("gateway.ts", import.meta.url)), {
      silent: true,
      execArgv: [],
      env: {
        NODE_ENV: "production",
        PATH: process.env["PATH"] ?? "",
        GATEWAY_ID: "gw-1",
        GATEWAY_PORT: "0",
        GATEWAY_ADMIN_PORT: "0",
        GATEWAY_EGRESS: "storefront=0",
        GATEWAY_UPSTREAM_ALLOW: "127.0.0.0/8",
        ...this.#environment,
        ...environment,
      },
    });
    this.#children.push(child);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += String(chunk)));
    return { child, output: () => output, exited: new Promise((resolve) => child.once("exit", resolve)) };
  }

  start(environment: Readonly<Record<string, string>> = {}): Promise<RunningGateway> {
    const spawned = this.spawn(environment);
    const { child, output, exited } = spawned;
    return new Promise((resolve, reject) => {
      child.once("message", (message) => resolve({ ...Ready.parse(message), ...spawned }));
      void exited.then((code) => reject(new Error(`exit ${code}: ${output()}`)));
    });
  }

  killAll(): void {
    for (const child of this.#children.splice(0)) child.kill("SIGKILL");
  }
}

/** A document as a console publishes it. */
export function policyDocument(key: string, revision: number, spec: unknown): PolicyDocument {
  return { v: 1, key, revision, spec, hash: specHash(spec), incarnation: INCARNATION };
}

export async function publishPolicy(
  zk: ZooKeeper,
  documents: readonly PolicyDocument[],
  revision: number,
): Promise<void> {
  for (const item of documents) {
    const path = `/meshkeeper/policy/${item.key}`;
    await zk.ensurePath(path);
    await zk.write(path, encodeDocument(item), -1);
  }
  await zk.ensurePath("/meshkeeper/policy/head");
  await zk.write("/meshkeeper/policy/head", encodeHead(makeHead(INCARNATION, revision, documents)), -1);
}
