import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HOME } from "./home.ts";
import { completed, missingPackages, parseLockFile } from "./lock-file.ts";

/** `npm run complete-lock`, after `npm install` where the registry lacks packages for other platforms. */
const path = join(HOME, "package-lock.json");
const lock = parseLockFile(readFileSync(path, "utf8"));
const missing = missingPackages(lock);
if (missing.length > 0) writeFileSync(path, `${JSON.stringify(completed(lock), null, 2)}\n`);
process.stdout.write(
  `package-lock.json: ${missing.length === 0 ? "complete" : `${missing.length} packages for other platforms added`}\n`,
);
