import { z } from "zod";
import { HaltKind, type PublisherReport } from "#domain/publishing.ts";
import type { Tx } from "./client.ts";
import { jsonOf } from "./json.ts";

const Side = z.object({ incarnation: z.string(), revision: z.number(), objects: z.number() });

const Report: z.ZodType<PublisherReport> = z.object({
  consoleId: z.string(),
  atMs: z.number(),
  halt: z
    .object({
      kind: HaltKind,
      reason: z.string(),
      mesh: Side,
      database: Side,
    })
    .nullable(),
  blocked: z.array(z.object({ path: z.string(), problem: z.string() })),
  lastFullPass: z
    .object({ atMs: z.number(), tookMs: z.number(), documents: z.number(), writes: z.number() })
    .nullable(),
});

/** What the console that publishes said of itself last; null before the first time, or in a form this version cannot read. */
export async function readReport(db: Tx): Promise<PublisherReport | null> {
  const row = await db.publisherReport.findUnique({ where: { id: 1 } });
  return Report.safeParse(row?.report).data ?? null;
}

export async function saveReport(db: Tx, report: PublisherReport): Promise<void> {
  const fields = { at: new Date(report.atMs), report: jsonOf(report) };
  await db.publisherReport.upsert({ where: { id: 1 }, create: { id: 1, ...fields }, update: fields });
}
