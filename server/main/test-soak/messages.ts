import { z } from "zod";
import { RouteSpec } from "#domain/route.ts";
import { FAILPOINTS } from "#platform/failpoint.ts";

const Armed = z.object({
  name: z.enum(FAILPOINTS),
  hit: z.int().min(1),
  signal: z.enum(["SIGKILL", "SIGSTOP"]),
});

/** An edit as the soak asks a console for it; `expectedVersion` null makes the object. */
export const SoakEdit = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("save-route"),
    id: z.string(),
    expectedVersion: z.int().nullable(),
    spec: RouteSpec,
  }),
  z.object({ kind: z.literal("remove-route"), id: z.string(), expectedVersion: z.int() }),
  /** Forces a service's breakers open for `durationMs`. */
  z.object({ kind: z.literal("force"), service: z.string(), reason: z.string(), durationMs: z.int().nullable() }),
  z.object({ kind: z.literal("lift"), id: z.string() }),
]);
export type SoakEdit = z.infer<typeof SoakEdit>;

export const ConsoleStart = z.object({
  kind: z.literal("start"),
  consoleId: z.string(),
  databaseUrl: z.string(),
  zookeeper: z.string(),
  root: z.string(),
  sessionTimeoutMs: z.int(),
  /** How often it compares everything, ms. */
  fullPassMs: z.int(),
  failpoint: Armed.nullable(),
});
export type ConsoleStart = z.infer<typeof ConsoleStart>;

/** What the soak tells a console process. */
export const ToConsole = z.discriminatedUnion("kind", [
  ConsoleStart,
  z.object({ kind: z.literal("arm"), id: z.int(), failpoint: Armed.nullable() }),
  /** `key`: the idempotency key, as a browser sends it. */
  z.object({ kind: z.literal("edit"), id: z.int(), key: z.string(), edit: SoakEdit }),
  z.object({ kind: z.literal("report"), id: z.int() }),
  z.object({ kind: z.literal("clock"), id: z.int(), aheadMs: z.int() }),
  /** Has it compare everything. */
  z.object({ kind: z.literal("compare") }),
]);
export type ToConsole = z.infer<typeof ToConsole>;

export const ConsoleReport = z.object({
  isLeader: z.boolean(),
  leader: z.string().nullable(),
  publishedRevision: z.int().nullable(),
  halted: z.string(),
  /** Transactions ZooKeeper accepted from this console, since it started. */
  multis: z.int(),
  /** Its wall clock, Unix epoch, ms. */
  nowMs: z.number(),
  /** The latest comparison of everything; null before the first. */
  lastFullPass: z.object({ atMs: z.number(), tookMs: z.number(), documents: z.int(), writes: z.int() }).nullable(),
});
export type ConsoleReport = z.infer<typeof ConsoleReport>;

/** What a console process tells the soak. */
export const FromConsole = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("loaded") }),
  z.object({ kind: z.literal("armed"), id: z.int() }),
  z.object({ kind: z.literal("clock-set"), id: z.int() }),
  z.object({ kind: z.literal("made"), id: z.int(), revision: z.int(), version: z.int().nullable() }),
  z.object({ kind: z.literal("refused"), id: z.int(), code: z.string(), detail: z.string() }),
  z.object({ kind: z.literal("report"), id: z.int(), report: ConsoleReport }),
]);
export type FromConsole = z.infer<typeof FromConsole>;

/** What the soak tells a gateway process. */
export const ToGateway = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("start"), env: z.record(z.string(), z.string()) }),
  z.object({ kind: z.literal("arm"), failpoint: Armed.nullable() }),
  z.object({ kind: z.literal("clock"), aheadMs: z.int() }),
]);
export type ToGateway = z.infer<typeof ToGateway>;

/** What a gateway process tells the soak: first that it is loaded, then that it is up. */
export const FromGateway = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("loaded") }),
  z.object({ kind: z.literal("armed") }),
  z.object({ kind: z.literal("clock-set") }),
  z.object({ kind: z.literal("up"), edgePort: z.int(), adminPort: z.int() }),
]);
export type FromGateway = z.infer<typeof FromGateway>;
