import { existsSync } from "node:fs";
import { join } from "node:path";
import { installWithApt, type Say } from "./apt.ts";
import { findJava } from "./java.ts";
import { LaunchError } from "./launch-error.ts";

/** A Java kit and Apache Curator's service discovery, which tests hold ours against. */
export interface CuratorInstallation {
  readonly java: string;
  readonly javac: string;
  /** Jars to compile and run against; Debian's name those they need themselves. */
  readonly classPath: readonly string[];
}

export interface ObtainCuratorOptions {
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** False: only look, install nothing. Default true. */
  readonly mayInstall?: boolean;
  /** Where Debian's packages put their jars. */
  readonly debianJars?: string;
}

/** Curator's ServiceCache needs the recipes, which Debian's discovery package does not ask for. */
const PACKAGES = ["libcurator-discovery-java", "libcurator-recipes-java", "default-jdk-headless"];

/**
 * What is compiled and run against; the jars' manifests name the rest, but for jackson-core, which jackson-databind
 * needs. Logging is the user's to choose.
 */
const JARS = ["x-discovery", "recipes", "framework", "client"].map((part) => `curator-${part}.jar`);
const MORE_JARS = ["zookeeper.jar", "jackson-core.jar", "jackson-databind.jar", "slf4j-simple.jar"];

/**
 * Finds Debian's Curator and a Java kit, or installs them as root.
 * @throws LaunchError saying what is missing and what to do.
 */
export async function obtainCurator(
  say: Say = () => {},
  options: ObtainCuratorOptions = {},
): Promise<CuratorInstallation> {
  const { environment = process.env, debianJars = "/usr/share/java" } = options;
  const found = await look(environment, debianJars);
  if (typeof found !== "string") return found;
  const obstacle =
    options.mayInstall === false
      ? "apt-get was not tried: installing is switched off"
      : await installWithApt(PACKAGES, "Curator and a Java kit (about 250 MB, once)", say);
  const now = obstacle === "" ? await look(environment, debianJars) : obstacle;
  if (typeof now !== "string") return now;
  throw new LaunchError(`The tests need a real Curator client, and there is none: ${found}; ${now}.`, [
    `on Debian or Ubuntu: sudo apt-get install --no-install-recommends ${PACKAGES.join(" ")}`,
    "a Java kit that is elsewhere is found by JAVA_HOME",
  ]);
}

/** What is missing, or the installation. */
async function look(
  environment: Readonly<Record<string, string | undefined>>,
  jars: string,
): Promise<CuratorInstallation | string> {
  const missing = JARS.filter((name) => !existsSync(join(jars, name)));
  if (missing.length > 0) return `Debian's packages are not installed (no ${missing.join(", ")} in ${jars})`;
  const [java, javac] = [await findJava(environment, "java"), await findJava(environment, "javac")];
  if (java === null || javac === null) return '"javac" does not run';
  return { java, javac, classPath: [...JARS, ...MORE_JARS].map((name) => join(jars, name)) };
}
