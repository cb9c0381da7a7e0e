import { resolve } from "node:path";
import { issueFirstAdministratorLink, issueRecoveryLink } from "#control/issue-sign-in-link.ts";
import { openDatabase } from "#db/client.ts";
import { MeshError } from "#domain/errors.ts";
import { openLog } from "#platform/log.ts";
import { explain, LaunchError } from "./launch-error.ts";
import { httpAddress } from "./reachable-host.ts";
import { readSettings } from "./settings.ts";
import { readStackAddress, type StackAddress } from "./stack-address.ts";

/** `npm run sign-in-link [-- <email>]`: a way in for the first administrator, or for a person who lost the password. */
const [email] = process.argv.slice(2);
try {
  const { consoleUrl, databaseUrl } = findConsole();
  const token = await issue(databaseUrl);
  const purpose = email === undefined ? "makes you the first administrator" : `lets ${email} choose a new password`;
  process.stdout.write(
    `This link works once, within 24 hours, and ${purpose}:\n${consoleUrl}/welcome?token=${token}\n`,
  );
} catch (error) {
  process.stderr.write(`${error instanceof MeshError ? error.message : explain(error)}\n`);
  process.exitCode = 1;
}

function findConsole(): StackAddress {
  const settings = readSettings(process.env);
  const running = readStackAddress(settings.DATA_DIR);
  if (settings.DATABASE_URL !== undefined) {
    const consoleUrl =
      settings.CONSOLE_URL ?? running?.consoleUrl ?? httpAddress(settings.CONSOLE_HOST, settings.CONSOLE_PORT);
    return { consoleUrl, databaseUrl: settings.DATABASE_URL };
  }
  if (running !== null) return running;
  throw new LaunchError(
    `Meshkeeper does not run from ${resolve(settings.DATA_DIR)}, so its database cannot be reached.`,
    ["start it: npm start", "or set DATA_DIR to the folder of the one that runs, or DATABASE_URL to its database"],
  );
}

async function issue(databaseUrl: string): Promise<string> {
  const database = openDatabase({ url: databaseUrl, log: openLog("sign-in-link", "fatal") });
  try {
    if (email !== undefined) return await issueRecoveryLink({ database }, email);
    const token = await issueFirstAdministratorLink({ database });
    if (token !== null) return token;
    throw new LaunchError("There is an administrator already.", [
      "for somebody who lost the password: npm run sign-in-link -- somebody@example.com",
    ]);
  } finally {
    await database.stop();
  }
}
