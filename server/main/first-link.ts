import type { ControlDeps } from "#control/edit.ts";
import { issueFirstAdministratorLink } from "#control/issue-sign-in-link.ts";
import { pause } from "#platform/backoff.ts";
import type { Log } from "#platform/log.ts";

/** The start waits this long for a database that does not answer, to have the link; then it goes on without, ms. */
const DATABASE_PATIENCE_MS = 10_000;

/** Waits for the tables, but not for ever; a link that comes too late for the caller is written to the log. */
export async function firstLink(
  deps: ControlDeps,
  tables: Promise<void>,
  url: string,
  log: Log,
): Promise<string | undefined> {
  let isLate = false;
  const issued = tables
    .then(() => issueFirstAdministratorLink(deps))
    .then((token) => (token === null ? undefined : `${url}/welcome?token=${token}`))
    .then((link) => {
      if (isLate && link !== undefined) log.info({ link }, "sign in for the first time with this link");
      return link;
    })
    .catch((error: unknown) => {
      log.warn({ err: error }, "no sign-in link could be made; `npm run sign-in-link` makes one");
      return undefined;
    });
  const patience = new AbortController();
  const link = await Promise.race([issued, pause(DATABASE_PATIENCE_MS, patience.signal).then(() => undefined)]);
  patience.abort();
  isLate = true;
  return link;
}
