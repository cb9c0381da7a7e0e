import { z } from "zod";

const LockEntry = z.looseObject({
  version: z.string().optional(),
  dev: z.boolean().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
const LockFile = z.looseObject({ packages: z.record(z.string(), LockEntry) });
export type LockFile = z.infer<typeof LockFile>;

export function parseLockFile(text: string): LockFile {
  return LockFile.parse(JSON.parse(text));
}

/** A package for another platform that the lock file asks for and does not describe. */
export interface MissingPackage {
  readonly name: string;
  readonly version: string;
  readonly dev: boolean;
}

/**
 * Packages for other platforms that the lock file lacks. npm leaves out what the registry did not have when the file was
 * written, and then `npm ci` refuses the file on every machine.
 */
export function missingPackages(lock: LockFile): MissingPackage[] {
  return Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name, version]) => /^\d+\.\d+\.\d+\S*$/.test(version) && !isDescribed(lock, path, name))
      .map(([name, version]) => ({ name, version, dev: entry.dev === true })),
  );
}

/** Node's way of looking: beside the package itself, then one folder up after the other. */
function isDescribed(lock: LockFile, path: string, name: string): boolean {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    if (`${at === "" ? "" : `${at}/`}node_modules/${name}` in lock.packages) return true;
    if (at === "") return false;
  }
}

const SYSTEMS = ["darwin", "linux", "win32", "freebsd", "android", "openharmony"];
const PROCESSORS = ["arm64", "x64", "ia32", "arm", "ppc64", "s390x", "riscv64", "wasm32"];

/** The same lock file with an entry for each missing package; which platform it is for is in its name. */
export function completed(lock: LockFile): LockFile {
  const packages = { ...lock.packages };
  for (const { name, version, dev } of missingPackages(lock)) {
    const words = name.split(/[-/]/);
    const entry = {
      version,
      resolved: `https://registry.npmjs.org/${name}/-/${name.split("/").at(-1)}-${version}.tgz`,
      ...platformField("cpu", PROCESSORS, words),
      ...(dev && { dev }),
      optional: true,
      ...platformField("os", SYSTEMS, words),
      ...(words.includes("musl") && { libc: ["musl"] }),
      ...(words.includes("gnu") && { libc: ["glibc"] }),
    };
    packages[`node_modules/${name}`] = entry;
  }
  const byPath = Object.entries(packages).toSorted(([a], [b]) => a.localeCompare(b, "en"));
  return { ...lock, packages: Object.fromEntries(byPath) };
}

function platformField(
  field: "os" | "cpu",
  known: readonly string[],
  words: readonly string[],
): Record<string, string[]> {
  const found = words.find((word) => known.includes(word));
  return found === undefined ? {} : { [field]: [found] };
}
