import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import { obtainCurator } from "#launch/curator-installation.ts";

const SOURCES = fileURLToPath(new URL(".", import.meta.url));
const SPRING = "org/springframework/cloud/zookeeper/discovery/ZookeeperInstance.java";

/** A `ServiceInstance` as Curator decoded it. */
export const SeenInstance = z.object({
  name: z.string(),
  id: z.string(),
  address: z.string().nullable(),
  port: z.int().nullable(),
  sslPort: z.int().nullable(),
  type: z.string(),
  enabled: z.boolean(),
  uri: z.string().nullable(),
  payloadClass: z.string().nullable(),
  payload: z.unknown(),
});

const Answer = z.union([z.object({ result: z.unknown() }), z.object({ error: z.string() })]);

/** A real Curator client in a JVM of its own (CuratorPeer.java says what it can do). */
export interface CuratorPeer {
  /** @throws Error with what Curator threw. */
  ask<Schema extends z.ZodType>(command: Readonly<Record<string, unknown>>, schema: Schema): Promise<z.output<Schema>>;
  stop(): Promise<void>;
}

/** Compiles the program into a folder of its own, and starts it. */
export async function startCuratorPeer(): Promise<CuratorPeer> {
  const { java, javac, classPath } = await obtainCurator();
  const classes = mkdtempSync(join(tmpdir(), "meshkeeper-curator-"));
  const sources = [join(SOURCES, "CuratorPeer.java"), join(SOURCES, SPRING)];
  await promisify(execFile)(javac, ["-d", classes, "-cp", classPath.join(":"), ...sources]);
  const quick = ["-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"];
  const quiet = ["-Dorg.slf4j.simpleLogger.defaultLogLevel=off"];
  const jvm = spawn(java, [...quick, ...quiet, "-cp", [classes, ...classPath].join(":"), "CuratorPeer"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(jvm, "exit");
  // A command to one that has ended fails when its answer is waited for.
  jvm.stdin.on("error", () => undefined);
  const lines = createInterface({ input: jvm.stdout })[Symbol.asyncIterator]();
  let last: Promise<unknown> = Promise.resolve();

  async function exchange(command: Readonly<Record<string, unknown>>): Promise<unknown> {
    jvm.stdin.write(`${JSON.stringify(command)}\n`);
    const line = await lines.next();
    if (line.done === true) throw new Error("the Curator peer has ended");
    const answer = Answer.parse(JSON.parse(line.value));
    if ("error" in answer) throw new Error(answer.error);
    return answer.result;
  }

  return {
    async ask(command, schema) {
      const answer = last.then(() => exchange(command));
      last = answer.catch(() => undefined);
      return schema.parse(await answer);
    },
    async stop() {
      jvm.stdin.end();
      await exited;
      rmSync(classes, { recursive: true, force: true });
    },
  };
}
