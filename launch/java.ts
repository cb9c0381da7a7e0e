import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A program of a Java runtime or kit that runs: in JAVA_HOME, on the path, in /usr/bin; null when there is none. */
export async function findJava(
  environment: Readonly<Record<string, string | undefined>>,
  program: "java" | "javac" = "java",
): Promise<string | null> {
  const home = environment["JAVA_HOME"];
  for (const candidate of [
    ...(home === undefined || home === "" ? [] : [join(home, "bin", program)]),
    program,
    `/usr/bin/${program}`,
  ]) {
    const runs = await run(candidate, ["-version"]).then(
      () => true,
      () => false,
    );
    if (runs) return candidate;
  }
  return null;
}
