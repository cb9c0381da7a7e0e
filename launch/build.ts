import { arePagesBuilt, buildPages } from "./build-pages.ts";
import { explain } from "./launch-error.ts";
import { reportTo } from "./report.ts";

try {
  if (!arePagesBuilt())
    await reportTo(process.stdout).step("building the console's pages", () => buildPages(process.env));
} catch (error) {
  process.stderr.write(`\n${explain(error)}\n`);
  process.exitCode = 1;
}
