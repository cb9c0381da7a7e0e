import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { installWithApt, type Say } from "./apt.ts";
import { findJava } from "./java.ts";
import { LaunchError } from "./launch-error.ts";

const run = promisify(execFile);

/** Says what is being done, one line at a time. */
export type Report = Say;

/** A ZooKeeper that can be started here. */
export type ZooKeeperInstallation =
  | {
      readonly kind: "java";
      /** For people: where it was found. */
      readonly where: string;
      readonly java: string;
      /** Entries of the class path; may hold `*`. */
      readonly classPath: readonly string[];
    }
  | { readonly kind: "docker"; readonly where: string; readonly image: string };

export interface ObtainOptions {
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** False: only look, install nothing. Default true. */
  readonly mayInstall?: boolean;
  /** False: Docker is not asked. Default true. */
  readonly mayUseDocker?: boolean;
  /** Where Debian's package puts its jars. */
  readonly debianJars?: string;
}

const DOCKER_IMAGE = "zookeeper:3.9";

const REMEDIES = [
  "set ZOOKEEPER=host:port[,host:port…][/chroot] to use a running one",
  "on Debian or Ubuntu: sudo apt-get install zookeeper",
  "or unpack a distribution from https://zookeeper.apache.org/releases.html, install Java, and set ZOOKEEPER_HOME to the folder",
  `or start the Docker engine, so that ${DOCKER_IMAGE} can be run`,
];

/**
 * Finds a ZooKeeper, or installs one: ZOOKEEPER_HOME, Debian's package, apt-get (as root), Docker; in this order.
 * @throws LaunchError saying what was tried and what to do; also when ZOOKEEPER_HOME is set and cannot be used.
 */
export async function obtainZooKeeper(
  report: Report = () => {},
  options: ObtainOptions = {},
): Promise<ZooKeeperInstallation> {
  const { environment = process.env, debianJars = "/usr/share/java" } = options;
  const tried: string[] = [];

  const java = await findJava(environment);
  const home = environment["ZOOKEEPER_HOME"];
  if (home !== undefined && home !== "") return chosenDistribution(home, java);
  tried.push("ZOOKEEPER_HOME is not set");

  const packaged = debianInstallation(debianJars, java);
  if (typeof packaged !== "string") return packaged;
  tried.push(packaged);

  const installed =
    options.mayInstall === false
      ? "apt-get was not tried: installing is switched off"
      : await installWithApt(["zookeeper"], "ZooKeeper (about 150 MB with Java, once)", report);
  if (installed === "") {
    const now = debianInstallation(debianJars, await findJava(environment));
    if (typeof now !== "string") return now;
    tried.push(`after apt-get install zookeeper: ${now}`);
  } else {
    tried.push(installed);
  }

  const engine = options.mayUseDocker === false ? "Docker was not asked" : await dockerProblem();
  if (engine === "") return { kind: "docker", where: `Docker image ${DOCKER_IMAGE}`, image: DOCKER_IMAGE };
  tried.push(engine);
  throw new LaunchError(
    `ZooKeeper is needed, and none was found or could be installed: ${tried.join("; ")}.`,
    REMEDIES,
  );
}

/** What a person chose is used or refused: another ZooKeeper in its place would be a surprise. */
function chosenDistribution(home: string, java: string | null): ZooKeeperInstallation {
  const jars = distributionJars(home);
  if (jars === null) {
    throw new LaunchError(`ZOOKEEPER_HOME=${home} holds no lib/zookeeper-*.jar.`, [
      "set it to the folder of an unpacked distribution (the one that has bin, conf and lib)",
      "or leave it unset, to use the system's package",
    ]);
  }
  if (java === null) {
    throw new LaunchError(`ZOOKEEPER_HOME=${home} is a ZooKeeper, but "java" does not run.`, [
      "on Debian or Ubuntu: sudo apt-get install default-jre-headless",
      "or set JAVA_HOME to the folder of a Java runtime",
    ]);
  }
  return { kind: "java", where: home, java, classPath: jars };
}

/** The unpacked Apache distribution keeps every jar it needs in lib/. */
function distributionJars(home: string): readonly string[] | null {
  try {
    const names = readdirSync(join(home, "lib"));
    return names.some((name) => /^zookeeper-\d.*\.jar$/.test(name)) ? [join(home, "lib", "*")] : null;
  } catch {
    return null;
  }
}

/** Debian's zookeeper.jar names its dependencies in its manifest; the logging back end is ours to choose. */
function debianInstallation(jars: string, java: string | null): ZooKeeperInstallation | string {
  const main = join(jars, "zookeeper.jar");
  if (!existsSync(main)) return `Debian's package is not installed (no ${main})`;
  if (java === null)
    return `${main} is there, but "java" does not run; install a Java runtime (apt-get install default-jre-headless)`;
  const logging = join(jars, "slf4j-simple.jar");
  return { kind: "java", where: main, java, classPath: existsSync(logging) ? [main, logging] : [main] };
}

async function dockerProblem(): Promise<string> {
  try {
    await run("docker", ["version", "--format", "{{.Server.Version}}"], { timeout: 5000 });
    return "";
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    return missing ? "Docker is not installed" : "the Docker engine does not answer";
  }
}
