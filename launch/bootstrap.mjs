#!/usr/bin/env node
// The one way in: `npm start`, `npm test` and the others come through here. It must work on a fresh clone, so it uses
// Node built-ins only (Node 20 or later), installs what is missing, and hands over to the pinned runtime.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const HOME = dirname(dirname(fileURLToPath(import.meta.url)));
const RUNTIME = join(HOME, "node_modules", "node", "bin", "node");
const INSTALL_STAMP = join(HOME, "node_modules", ".meshkeeper-stamp");
const CLIENT = join(HOME, "server", "db", "generated");
const CLIENT_STAMP = join(CLIENT, ".meshkeeper-stamp");

/**
 * Command → scripts run one after another; only the last receives the arguments. `env` are defaults, not orders. `help` is
 * its line in the list of commands.
 * `runsElsewhere`: in the folder where it was typed, like any program, instead of the repository's.
 */
const COMMANDS = {
  start: { scripts: ["launch/start.ts"], help: "a whole mesh with the demo shop; Ctrl-C stops it" },
  dev: { scripts: ["launch/dev.ts"], help: "the same with reload, for work on Meshkeeper" },
  test: { scripts: ["launch/test.ts"], help: "every check and test, on the real things" },
  check: { scripts: ["launch/check.ts"], help: "types, lint, rules, unused code, format" },
  demo: { scripts: ["demo/cli.ts"], help: "trouble and load in the demo shop: break payments, heal, load 20" },
  smoke: { scripts: ["launch/smoke.ts"], help: "npm start as people type it, in all the ways it can go" },
  soak: { scripts: ["server/gateway/test-soak/run.ts"], help: "the gateway under faults, for minutes" },
  "soak-publishing": { scripts: ["server/main/test-soak/run.ts"], help: "publishing under faults, for hours" },
  register: {
    scripts: ["server/main/register.ts"],
    help: "keeps a service in the registry while it is well: --name orders --port 8080 -- CMD",
    runsElsewhere: true,
  },
  "sign-in-link": {
    scripts: ["launch/sign-in-link.ts"],
    help: "a one-time link for somebody who lost the password: sign-in-link ada@example.com",
  },
  console: {
    scripts: ["launch/build.ts", "server/main/console.ts"],
    help: "a console alone, for production",
    env: { NODE_ENV: "production" },
  },
  gateway: {
    scripts: ["server/main/gateway.ts"],
    help: "a gateway alone, for production",
    env: { NODE_ENV: "production" },
  },
  // `bench <area>` runs bench/<area>.ts.
  bench: { scripts: [], help: "a measurement beside peers: bench gateway" },
};

/** Something the person at the terminal can mend; printed without a stack. */
class Refusal extends Error {}

/** True when `version` (as in process.versions.node) is at least Node 20. */
export function nodeIsRecentEnough(version) {
  return Number(version.split(".")[0]) >= 20;
}

/** SHA-256, hex, of a text. */
function sha256(text) {
  return createHash("sha256").update(text).digest("hex");
}

function readOr(path, fallback) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return fallback;
  }
}

/**
 * True when npm's own record of what it installed (node_modules/.package-lock.json, written last) has every package of
 * the lock file in the same version. Optional ones may be absent: they are for other platforms.
 */
export function installedAsLocked(lockText, installedText) {
  try {
    const wanted = JSON.parse(lockText).packages;
    const installed = JSON.parse(installedText).packages;
    return Object.entries(wanted).every(([path, entry]) => {
      if (path === "") return true;
      const found = installed[path];
      return found === undefined
        ? entry.optional === true || entry.devOptional === true
        : found.version === entry.version;
    });
  } catch {
    return false;
  }
}

/** Runs a program, shows that time passes while it is silent, and fails with what it printed. */
async function step(title, command, args, env) {
  const startedMs = Date.now();
  const seconds = () => `${((Date.now() - startedMs) / 1000).toFixed(1)} s`;
  const live = process.stdout.isTTY === true;
  process.stdout.write(live ? `  … ${title}` : `  … ${title}\n`);
  const heartbeat = setInterval(
    () => process.stdout.write(live ? `\r\x1b[2K  … ${title} (${seconds()})` : `  … ${title} (${seconds()})\n`),
    live ? 500 : 15_000,
  );
  const output = [];
  const code = await new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: HOME,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.on("data", (chunk) => output.push(chunk));
    child.stderr.on("data", (chunk) => output.push(chunk));
    child.on("error", reject);
    child.on("close", (exitCode, signal) => resolve(exitCode ?? signal));
  }).finally(() => clearInterval(heartbeat));
  process.stdout.write(`${live ? "\r\x1b[2K" : ""}  ${code === 0 ? "✓" : "✗"} ${title} (${seconds()})\n`);
  if (code === 0) return;
  process.stderr.write(Buffer.concat(output).toString("utf8"));
  throw new Refusal(`${title}: ${[command, ...args].join(" ")} ended with ${code}. Its output is above.`);
}

/**
 * Installs packages when they are missing or not those of package-lock.json. npm is run by the Node it was called
 * with, never by the pinned one, which `npm ci` deletes while it works.
 */
async function install() {
  const lock = readOr(join(HOME, "package-lock.json"), "");
  if (lock === "") throw new Refusal("package-lock.json cannot be read. Is this a complete clone of the repository?");
  const stamp = sha256(lock);
  if (readOr(INSTALL_STAMP, "") === stamp && existsSync(RUNTIME)) return;
  if (!installedAsLocked(lock, readOr(join(HOME, "node_modules", ".package-lock.json"), "")) || !existsSync(RUNTIME)) {
    const args = ["ci", "--include=dev", "--no-audit", "--no-fund", "--prefer-offline"];
    const { npm_execpath: npm, npm_node_execpath: node } = process.env;
    const byNpm =
      npm !== undefined && node !== undefined && npm.endsWith(".js") && existsSync(node) && !node.startsWith(HOME);
    await (byNpm ? step("installing packages", node, [npm, ...args]) : step("installing packages", "npm", args));
  }
  if (!existsSync(RUNTIME)) {
    throw new Refusal(
      "The pinned Node runtime was not installed (node_modules/node/bin/node). npm may have been told to skip install\n" +
        "scripts: run `npm config get ignore-scripts`; if it says true, run `npm ci --ignore-scripts=false`.",
    );
  }
  writeFileSync(INSTALL_STAMP, stamp);
}

/** Generates the Prisma client when the schema, its settings or Prisma itself changed. */
async function generateClient() {
  const schema = readOr(join(HOME, "prisma", "schema.prisma"), "");
  const stamp = sha256(
    [
      schema,
      readOr(join(HOME, "prisma.config.ts"), ""),
      readOr(join(HOME, "node_modules", "prisma", "package.json"), ""),
    ].join("\0"),
  );
  if (readOr(CLIENT_STAMP, "") === stamp) return;
  // Generating needs no engine, yet Prisma downloads one unless told that it has it.
  const env = { PRISMA_SCHEMA_ENGINE_BINARY: "/bin/true", CHECKPOINT_DISABLE: "1", PRISMA_HIDE_UPDATE_MESSAGE: "1" };
  await step(
    "generating the database client",
    RUNTIME,
    [join("node_modules", "prisma", "build", "index.js"), "generate"],
    env,
  );
  mkdirSync(CLIENT, { recursive: true });
  writeFileSync(CLIENT_STAMP, stamp);
}

/** How often we look whether whoever started us is still there, ms. */
const ORPHAN_CHECK_MS = 500;

/**
 * Runs a script by the pinned runtime until it ends; returns its exit code. Signals sent to us are passed on, because
 * npm and process managers signal only their direct child. Between npm and us is a shell, which passes nothing on: when
 * it is terminated, all we notice is another parent. The IPC channel lets the script notice that we are gone.
 */
function runScript(script, args, { env, cwd }) {
  return new Promise((resolve, reject) => {
    const path = join(HOME, script);
    if (!existsSync(path)) return reject(new Refusal(`${script} does not exist.`));
    const stdio = ["inherit", "inherit", "inherit", "ipc"];
    const child = spawn(RUNTIME, [path, ...args], { cwd, env: { ...env, ...process.env }, stdio });
    const forward = (signal) => child.kill(signal);
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) process.on(signal, forward);
    const parent = process.ppid;
    const orphanCheck = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(orphanCheck);
      forward("SIGTERM");
    }, ORPHAN_CHECK_MS);
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      clearInterval(orphanCheck);
      for (const name of signals) process.off(name, forward);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

/** Where the person typed the command: npm run changes to the repository's folder, and says where it came from. */
function typedIn() {
  const { npm_lifecycle_event: event, INIT_CWD: typed } = process.env;
  return event === "register" && process.cwd() === HOME && typed !== undefined ? typed : process.cwd();
}

function usage() {
  const lines = Object.entries(COMMANDS).map(([name, { help }]) => `  ${name.padEnd(16)} ${help}`);
  return ["usage: npx meshkeeper <command> [arguments]", "", ...lines, "", "README.md has the settings."].join("\n");
}

function scriptsFor(command, args) {
  const known = Object.hasOwn(COMMANDS, command ?? "") ? COMMANDS[command] : undefined;
  if (known === undefined) throw new Refusal(usage());
  if (command !== "bench") return { ...known, args };
  const [area, ...rest] = args;
  if (area === undefined || !/^[a-z-]+$/.test(area))
    throw new Refusal("usage: npx meshkeeper bench <area> [arguments]");
  return { scripts: [`bench/${area}.ts`], args: rest };
}

async function main(argv) {
  if (!nodeIsRecentEnough(process.versions.node)) {
    throw new Refusal(`Meshkeeper needs Node 20 or later to install itself; this is Node ${process.versions.node}.`);
  }
  if (argv[0] === "--help" || argv[0] === "-h") {
    process.stdout.write(`${usage()}\n`);
    return 0;
  }
  const { scripts, args, env = {}, runsElsewhere = false } = scriptsFor(argv[0], argv.slice(1));
  await install();
  if (existsSync(join(HOME, "prisma", "schema.prisma"))) await generateClient();
  for (const [index, script] of scripts.entries()) {
    const code = await runScript(script, index === scripts.length - 1 ? args : [], {
      env,
      cwd: runsElsewhere ? typedIn() : HOME,
    });
    if (code !== 0) return code;
  }
  return 0;
}

// npx comes through a link.
if (process.argv[1] !== undefined && pathToFileURL(realpathSync(process.argv[1])).href === import.meta.url) {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`\n${error instanceof Refusal ? error.message : (error?.stack ?? String(error))}\n`);
    process.exitCode = 1;
  }
}
