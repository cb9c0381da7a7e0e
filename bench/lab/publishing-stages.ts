import { median } from "../measure.ts";
import type { PublishingMesh } from "./publishing-mesh.ts";
import type { Note } from "./trace.ts";

/** Where the time of an edit goes: a step, and how long after the database's answer to COMMIT it came, ms (median). */
export interface Stage {
  readonly who: string;
  readonly what: string;
  readonly afterMs: number;
}

/**
 * The steps of one edit, in the order in which they came: whatever the processes noted, under the names they gave it, so
 * that a protocol with other steps shows these. What came in fewer than half of the edits is left out.
 */
export async function stagesOf(mesh: PublishingMesh, warmUp: number, edits: number): Promise<Stage[]> {
  const seen = new Map<string, { who: string; what: string; after: number[] }>();
  for (let round = 0; round < warmUp + edits; round += 1) {
    await mesh.editOnce();
    // What follows an edit belongs to it: the console looks at what it wrote.
    const notes = await mesh.notes();
    if (round < warmUp) continue;
    const since = notes["console"]?.find(({ what }) => what === "committed")?.atMs ?? Number.NaN;
    for (const [who, list] of Object.entries(notes)) {
      for (const { what, atMs } of numbered(list.filter((one) => one.atMs >= since))) {
        const stage = seen.get(`${who} ${what}`) ?? { who, what, after: [] };
        seen.set(`${who} ${what}`, stage);
        stage.after.push(atMs - since);
      }
    }
  }
  return [...seen.values()]
    .filter(({ after }) => after.length * 2 >= edits)
    .map(({ who, what, after }) => ({ who, what, afterMs: median(after) }))
    .toSorted((a, b) => a.afterMs - b.afterMs);
}

/** Tells the second time that something happened from the first. */
function numbered(notes: readonly Note[]): Note[] {
  const times = new Map<string, number>();
  return notes.map(({ what, atMs }) => {
    const time = (times.get(what) ?? 0) + 1;
    times.set(what, time);
    return { what: time === 1 ? what : `${what} (${time})`, atMs };
  });
}

/** A line for each step: when it came, how long after the one before, and what it was. */
export function stageTable(stages: readonly Stage[]): string {
  const lines = stages.map(({ who, what, afterMs }, index) => {
    const step = afterMs - (stages[index - 1]?.afterMs ?? 0);
    return `${afterMs.toFixed(2).padStart(8)} ${`+${step.toFixed(2)}`.padStart(7)}  ${who.padEnd(10)} ${what}`;
  });
  return `${lines.join("\n")}\n`;
}
