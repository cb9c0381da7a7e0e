import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startContender, startService } from "./contenders.ts";
import { readProfile, selfTimes, selfTimesByFile, type SelfTime } from "./cpu-profile.ts";
import type { Lab } from "./lab.ts";
import { loadGroups } from "./load-cases.ts";
import { slicesOf } from "./load.ts";

const WARM_UP_S = 7;
const PROFILE_S = 10;
const HOME = join(import.meta.dirname, "..", "..");

/** Says where ours spends its time in one case. The profiler costs something itself: shares count, not microseconds. */
export async function profileOurs(lab: Lab, name: string, say: (line: string) => void): Promise<void> {
  const group = loadGroups(false).find(({ cases }) => cases.some((one) => one.name === name));
  const load = group?.cases.find((one) => one.name === name)?.load;
  const options = group?.contenders.find(({ as }) => as === "ours")?.options;
  if (load === undefined || options === undefined || (options.workers ?? 1) > 1)
    throw new Error(`There is no profile of ${name}.`);
  const folder = join(lab.folder, "profile");
  mkdirSync(folder);
  const service = await startService(lab, "load");
  const flags = ["--cpu-prof", `--cpu-prof-dir=${folder}`, "--cpu-prof-interval=500"];
  const gateway = await startContender(lab, "ours", { ...options, upstream: service.port, place: "proxy", flags });
  if (gateway === null) throw new Error("ours did not start.");
  const slice = await slicesOf(lab, "load", gateway, load);
  await slice(WARM_UP_S);
  const { cpuUs, perSecond } = await slice(PROFILE_S);
  // The profile is written when the process ends.
  await gateway.stop();
  const profile = readProfile(folder);
  say(`\n${name}, under the profiler: ${cpuUs.toFixed(1)} µs CPU per request, ${Math.round(perSecond)}/s`);
  const print = (title: string, times: readonly SelfTime[]): void => {
    say(`\n  self  µs/request  ${title}`);
    for (const { what, share } of times)
      say(`${(share * 100).toFixed(1).padStart(5)}%  ${(share * cpuUs).toFixed(1).padStart(10)}  ${what}`);
  };
  print("file or package", selfTimesByFile(profile, PROFILE_S * 1e6, HOME).slice(0, 25));
  print("function", selfTimes(profile, PROFILE_S * 1e6, HOME).slice(0, 50));
}
