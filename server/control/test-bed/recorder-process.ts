import { z } from "zod";
import { openTrafficStore } from "#db/traffic-store.ts";
import { armFailpoint, FAILPOINTS } from "#platform/failpoint.ts";
import { openLog } from "#platform/log.ts";
import { recordTrafficHistory } from "../traffic-recorder.ts";
import { repeatableSecond } from "./traffic-history.ts";

/** A console that records seconds as they would happen, and is killed at a failpoint. It ends with 0 when it is not. */
const [url, point, hit, startMs, seconds] = z
  .tuple([z.string(), z.enum(FAILPOINTS), z.coerce.number(), z.coerce.number(), z.coerce.number()])
  .parse(process.argv.slice(2));
const log = openLog("recorder", "fatal");
const store = openTrafficStore({ url, log });
let nowMs = startMs;
const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
const recorder = recordTrafficHistory({
  store,
  clock,
  log,
  consoleId: "console-killed",
  isLeader: () => true,
  limitBytes: 1e9,
});
armFailpoint({ name: point, hit, signal: "SIGKILL" });
for (let n = 1; n <= seconds; n += 1) {
  nowMs = startMs + n * 1000;
  const window = repeatableSecond(startMs, n);
  recorder.take(window, () => window.endMs);
  await recorder.work();
}
process.exit(0);
