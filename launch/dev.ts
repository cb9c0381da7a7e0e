import { watch } from "node:fs";
import { join } from "node:path";
import { HOME } from "./home.ts";
import { explain } from "./launch-error.ts";
import { reportTo } from "./report.ts";
import { runUntilStopped } from "./run-until-stopped.ts";
import { readSettings } from "./settings.ts";
import { startStack, type Stack } from "./stack.ts";
import type { PartName } from "./supervised-part.ts";
import { tellWelcome } from "./welcome.ts";

/** An editor writes several files within this time, ms; the parts are started again once. */
const SETTLE_MS = 200;
/** Folders below server/ that only one of the two processes runs. */
const ONLY_GATEWAY = /^gateway\/|^main\/gateway\.ts$/;
const ONLY_CONSOLE = /^(?:api|control|db|identity|containers)\/|^main\/(?:console|rsc)\.ts$/;

const report = reportTo(process.stdout);

try {
  const settings = readSettings(process.env, { mode: "development" });
  report.line("\nMeshkeeper, with reload: pages by Next, console and gateway start again when server/ changes\n");
  await runUntilStopped(report, async (signal) => {
    const stack = await startStack(settings, report, signal);
    await tellWelcome(stack, report, signal);
    reloadOnChange(stack, signal);
    return stack;
  });
} catch (error) {
  process.stderr.write(`\n${explain(error)}\n`);
  process.exit(1);
}

function reloadOnChange(stack: Stack, signal: AbortSignal): void {
  const changed = new Set<PartName>();
  let timer: NodeJS.Timeout | undefined;
  let reloading = Promise.resolve();
  watch(join(HOME, "server"), { recursive: true, signal }, (_event, file) => {
    if (file === null || !file.endsWith(".ts") || file.endsWith(".test.ts")) return;
    if (!ONLY_CONSOLE.test(file)) changed.add("gateway");
    if (!ONLY_GATEWAY.test(file)) changed.add("console");
    clearTimeout(timer);
    timer = setTimeout(() => {
      const parts = [...changed];
      changed.clear();
      reloading = reloading.then(() => reload(stack, parts, signal));
    }, SETTLE_MS);
  });
}

async function reload(stack: Stack, parts: readonly PartName[], signal: AbortSignal): Promise<void> {
  for (const name of parts) {
    if (signal.aborted) return;
    const part = stack.part(name);
    try {
      await report.step(`${part.title} starts again`, async () => {
        await part.stop();
        await part.start();
      });
    } catch (error) {
      // It stays down until the next change, which is most likely the correction.
      report.line(explain(error));
    }
  }
}
