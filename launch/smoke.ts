import { rmSync } from "node:fs";
import { join } from "node:path";
import { HOME } from "./home.ts";
import { assertPortsFree, freePorts } from "./ports.ts";
import { formatDuration, reportTo } from "./report.ts";
import { answersOf, signIn, trafficSeen } from "./smoke/console-visitor.ts";
import { processesOf, removePostgresElsewhere } from "./smoke/processes-of.ts";
import { startAsTyped, type TypedStart } from "./smoke/typed-start.ts";
import { waitFor } from "./smoke/wait-for.ts";
import { add, closingLine, gateTally, parseClosingLine, type Tally } from "./test-tally.ts";

/** `smoke [closing line of the tests before]`: `npm start` as a newcomer types it, on free ports, twice, and Ctrl-C. */
const report = reportTo(process.stdout);
let tally: Tally = parseClosingLine(process.argv[2] ?? "");
const [console_ = 0, gateway = 0, admin = 0, zookeeper = 0, database = 0] = await freePorts(5);
const dataDir = join(HOME, ".data", `smoke-${process.pid}`);
const environment = {
  ...process.env,
  CONSOLE_PORT: String(console_),
  GATEWAY_PORT: String(gateway),
  GATEWAY_ADMIN_PORT: String(admin),
  ZOOKEEPER_PORT: String(zookeeper),
  DATABASE_PORT: String(database),
  DATA_DIR: dataDir,
  ZOOKEEPER: undefined,
  DATABASE_URL: undefined,
  NO_DEMO: undefined,
};
const consoleUrl = `http://127.0.0.1:${console_}`;

process.stdout.write("\n▶ smoke: npm start, as a newcomer types it\n");
try {
  await session("first start", 6 * 60_000, async (start) => {
    await check("the sign-in page answers, with its style sheet", async () => {
      const page = await answersOf(`${consoleUrl}/sign-in`);
      const sheet = /href="([^"]+\.css[^"]*)"/.exec(page.text)?.[1];
      if (sheet === undefined) throw new Error("the page names no style sheet");
      const { type, text } = await answersOf(new URL(sheet.replaceAll("&amp;", "&"), consoleUrl).href);
      if (!type.startsWith("text/css") || text.length < 1000)
        throw new Error(`${sheet} is ${type}, ${text.length} characters`);
    });
    await check("the shop answers through the gateway", async () => {
      const { text } = await answersOf(`http://127.0.0.1:${gateway}/`, "shop.localhost");
      if (!text.includes('"service":"storefront"')) throw new Error(`unexpected answer: ${text.slice(0, 200)}`);
    });
    await check(
      "the gateway says that it is ready",
      async () => void (await answersOf(`http://127.0.0.1:${admin}/readyz`)),
    );
    await check("the one-time link lets the first administrator in, and the topology has traffic", async () => {
      const link = start.output().match(/https?:\/\/\S+\/welcome\?token=\S+/)?.[0];
      if (link === undefined) throw new Error("no one-time link was printed");
      const cookie = await signIn(consoleUrl, link);
      await waitFor("traffic on every edge of the shop", 60_000, () => trafficSeen(consoleUrl, cookie));
    });
  });
  await session("second start", 60_000, () => Promise.resolve());
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
process.stdout.write(`\n${closingLine(tally)}\n`);
process.exitCode = tally.failed === 0 ? 0 : 1;

/** Starts, runs the checks, presses Ctrl-C, and checks that nothing is left. */
async function session(name: string, limitMs: number, checks: (start: TypedStart) => Promise<void>): Promise<void> {
  const startedMs = performance.now();
  const start = startAsTyped(environment);
  const cameUp = await check(`${name}: comes up`, async () => {
    await waitFor(
      "the console's address",
      limitMs,
      () => start.hasEnded() || start.output().includes("Ctrl-C stops everything"),
    );
    if (start.hasEnded()) throw new Error(`it ended:\n${start.output()}`);
    process.stdout.write(`    ${name} took ${formatDuration(performance.now() - startedMs)}\n`);
  });
  if (!cameUp) process.stdout.write(start.output());
  if (cameUp) await checks(start);
  await check(`${name}: Ctrl-C stops everything, with nothing left running and every port closed`, async () => {
    const cleanUp = removePostgresElsewhere(dataDir);
    start.pressCtrlC();
    await waitFor("its end", 60_000, () => start.hasEnded());
    const left = processesOf(dataDir);
    for (const { pid } of left) process.kill(pid, "SIGKILL");
    if (name === "second start") cleanUp();
    if (left.length > 0)
      throw new Error(`still running: ${left.map(({ command }) => command).join("; ")}\n${start.output()}`);
    const ports = [console_, gateway, admin, zookeeper, database];
    await assertPortsFree(ports.map((port) => ({ use: "the next start", host: "127.0.0.1", port, variable: "PORT" })));
  });
  start.kill();
}

async function check(title: string, run: () => Promise<void>): Promise<boolean> {
  const ok = await report.step(title, run).then(
    () => true,
    (error: unknown) => {
      report.line(`    ${error instanceof Error ? error.message : String(error)}`);
      return false;
    },
  );
  tally = add(tally, gateTally(ok));
  return ok;
}
