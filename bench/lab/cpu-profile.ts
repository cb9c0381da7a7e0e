import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** V8's CPU profile, as `node --cpu-prof` writes it; times in µs. */
export const CpuProfile = z.object({
  nodes: z.array(
    z.object({
      id: z.int(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.int() }),
    }),
  ),
  samples: z.array(z.int()),
  timeDeltas: z.array(z.int()),
});
export type CpuProfile = z.infer<typeof CpuProfile>;

export interface SelfTime {
  /** Function and where it is written. */
  readonly what: string;
  /** Share of the time that was not idle. */
  readonly share: number;
}

/** The only profile in a folder. */
export function readProfile(folder: string): CpuProfile {
  const [file = ""] = readdirSync(folder).filter((name) => name.endsWith(".cpuprofile"));
  return CpuProfile.parse(JSON.parse(readFileSync(join(folder, file), "utf8")));
}

/** Functions by the time spent in them and not in what they call, most first; only of the last `lastUs` of the profile. */
export function selfTimes(profile: CpuProfile, lastUs: number, home: string): SelfTime[] {
  return shares(profile, lastUs, ({ functionName, url, lineNumber }) => {
    const name = functionName === "" ? "(anonymous)" : functionName;
    return url === "" ? name : `${name} ${placeOf(url, home)}:${lineNumber + 1}`;
  });
}

/** The same by file or package. */
export function selfTimesByFile(profile: CpuProfile, lastUs: number, home: string): SelfTime[] {
  return shares(profile, lastUs, ({ functionName, url }) => {
    if (url === "")
      return functionName.startsWith("(") ? functionName : "native code of Node (system calls and the like)";
    const place = placeOf(url, home);
    return /node_modules\/(?:@[^/]+\/)?[^/]+/.exec(place)?.[0] ?? place;
  });
}

type CallFrame = CpuProfile["nodes"][number]["callFrame"];

function shares(profile: CpuProfile, lastUs: number, nameOf: (frame: CallFrame) => string): SelfTime[] {
  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const spentUs = new Map<string, number>();
  let backUs = 0;
  for (let index = profile.samples.length - 1; index >= 0 && backUs < lastUs; index -= 1) {
    const tookUs = profile.timeDeltas[index] ?? 0;
    backUs += tookUs;
    const name = names.get(profile.samples[index] ?? 0) ?? "";
    if (name !== "(idle)") spentUs.set(name, (spentUs.get(name) ?? 0) + tookUs);
  }
  const totalUs = [...spentUs.values()].reduce((sum, us) => sum + us, 0);
  return [...spentUs].map(([what, us]) => ({ what, share: us / totalUs })).sort((a, b) => b.share - a.share);
}

function placeOf(url: string, home: string): string {
  const path = url.startsWith("file:") ? fileURLToPath(url) : url;
  return path.startsWith(`${home}/`) ? path.slice(home.length + 1) : path;
}
