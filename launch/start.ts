import { arePagesBuilt, buildPages } from "./build-pages.ts";
import { explain } from "./launch-error.ts";
import { reportTo } from "./report.ts";
import { runUntilStopped } from "./run-until-stopped.ts";
import { readSettings } from "./settings.ts";
import { startStack } from "./stack.ts";
import { tellWelcome } from "./welcome.ts";

const report = reportTo(process.stdout);

try {
  const settings = readSettings(process.env);
  report.line("\nMeshkeeper\n");
  await runUntilStopped(report, async (signal) => {
    if (!arePagesBuilt()) await report.step("building the console's pages", () => buildPages(process.env, signal));
    const stack = await startStack(settings, report, signal);
    await tellWelcome(stack, report, signal);
    return stack;
  });
} catch (error) {
  process.stderr.write(`\n${explain(error)}\n`);
  process.exit(1);
}
