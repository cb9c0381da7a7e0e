import { networkInterfaces } from "node:os";
import { destination, pino } from "pino";
import { z } from "zod";
import type { ZooKeeperStatus } from "#domain/zookeeper-status.ts";
import { GatewayEnv, readEnv, SettingsError } from "#platform/env.ts";
import { HELP, parseCommandLine, UsageError, type RegisterCommand } from "#registration/command-line.ts";
import { canConnect } from "#registration/health-check.ts";
import { register, type RegistrationState } from "#registration/register.ts";
import { runCommand } from "#registration/run-command.ts";

/** One Ctrl-C arrives from the terminal and from whoever started us: what comes this soon after the first is the same. */
const SAME_SIGNAL_MS = 1000;
/** ZooKeeper is given so long to answer before a person is told that it does not, ms. */
const PATIENCE_MS = 3000;

/** A service that is not well yet is given so long before a person is told why, ms; after that as often as this. */
const NOT_WELL_MS = 5000;
const NOT_WELL_AGAIN_MS = 60_000;
/** A command that was told to end is given so long before a person is told that it goes on, ms. */
const ENDING_MS = 10_000;
/** Where the port answered before the command was started, the command has to live so long before it is registered, ms: one that cannot have the port ends. */
const TAKEN_MS = 5000;
const LOOK_MS = 500;

const RegisterEnv = z.object({
  ZOOKEEPER: GatewayEnv.shape.ZOOKEEPER.optional(),
  ZOOKEEPER_AUTH: GatewayEnv.shape.ZOOKEEPER_AUTH,
  SERVICES_ROOT: GatewayEnv.shape.SERVICES_ROOT,
});

const say = (line: string): void => void process.stderr.write(`meshkeeper: ${line}\n`);

/** Registers a service, and runs it when asked to, until it or this process is stopped; resolves to the exit code. */
async function run(
  { registration: wish, zookeeper, command: words, verbose }: RegisterCommand,
  auth: z.infer<typeof RegisterEnv>["ZOOKEEPER_AUTH"],
): Promise<number> {
  const cut = new AbortController();
  const log = verbose ? pino({ level: "debug" }, destination(2)) : pino({ level: "silent" });
  const told = teller(wish.service);
  const isTaken = words !== null && (await answers(wish));
  if (isTaken)
    say(
      `port ${wish.port} answered before the command was started: another process may have it. ${wish.service} is registered after ${TAKEN_MS / 1000} s, if the command is still there.`,
    );
  const command = words === null ? null : runCommand(words, say);
  const registration = register({
    ...wish,
    notWithinMs: isTaken ? TAKEN_MS : 0,
    onContested: told.contested,
    zookeeper: { ...zookeeper, auth, log },
    onChange: told.state,
    onSession: told.session,
  });
  const stopped = Promise.withResolvers<number>();
  let firstAt = 0;
  let passOn = false;

  async function leave(signal: NodeJS.Signals): Promise<void> {
    firstAt = performance.now();
    say(`${signal}: taking ${wish.service} out of the registry.`);
    await registration.stop(cut.signal);
    if (command === null) return stopped.resolve(0);
    passOn = true;
    command.kill(signal);
    setTimeout(() => {
      say(`the command (pid ${command.pid}) goes on after ${signal}. It is not killed; further signals are passed on.`);
    }, ENDING_MS).unref();
  }
  const onSignal = (signal: NodeJS.Signals): void => {
    if (firstAt === 0) return void leave(signal);
    if (performance.now() - firstAt < SAME_SIGNAL_MS) return;
    if (passOn) command?.kill(signal);
    else cut.abort();
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, onSignal);
  process.on("SIGHUP", () => (command === null ? onSignal("SIGTERM") : command.kill("SIGHUP")));
  // Whoever started us is gone, and could not say so.
  process.once("disconnect", () => onSignal("SIGTERM"));
  // Sessions and checks hold no process open.
  const open = setInterval(() => undefined, 0x7fff_ffff);

  const code = await (command === null ? stopped.promise : Promise.race([stopped.promise, command.exited]));
  if (firstAt === 0 && registration.state().kind === "registered")
    say(`the command ended with ${code}: taking ${wish.service} out of the registry.`);
  cut.abort();
  await registration.stop(cut.signal);
  told.quiet();
  clearInterval(open);
  return code;
}

/** Whether something can be connected to where the command is to listen. */
async function answers({ address, port }: RegisterCommand["registration"]): Promise<boolean> {
  const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  // Elsewhere it is a proxy that listens for it, as it should.
  const host = address === undefined ? "127.0.0.1" : own.some((one) => one.address === address) ? address : null;
  if (host === null) return false;
  return canConnect(host, port, AbortSignal.timeout(LOOK_MS)).then(
    () => true,
    () => false,
  );
}

/** Tells the person at the terminal what changed, each thing once. */
function teller(service: string): {
  state(state: RegistrationState): void;
  session(status: ZooKeeperStatus): void;
  contested(path: string): void;
  quiet(): void;
} {
  let away: NodeJS.Timeout | undefined;
  let isAway = false;
  let isContested = false;
  let problem = "";
  const sayWhy = (): void => {
    if (problem !== "" && !isAway) say(`${service} is not registered yet: ${problem}.`);
    notWell = setTimeout(sayWhy, NOT_WELL_AGAIN_MS).unref();
  };
  let notWell = setTimeout(sayWhy, NOT_WELL_MS).unref();
  return {
    state(state) {
      if (state.kind === "waiting") problem = state.problem;
      else clearTimeout(notWell);
      if (state.kind === "registered")
        say(`${service} is registered: ${state.path}, reached at ${state.address} port ${state.port}.`);
      if (state.kind === "out") say(`${service} is out of the registry until it is well again: ${state.problem}.`);
    },
    contested(path) {
      if (!isContested)
        say(`another process registers as ${path}, too: each takes it from the other. Give each its own --id.`);
      isContested = true;
    },
    session({ state, problem: trouble }) {
      if (state === "up") {
        clearTimeout(away);
        away = undefined;
        if (isAway) say("ZooKeeper is back.");
        isAway = false;
        return;
      }
      away ??= setTimeout(() => {
        isAway = true;
        say(`${trouble} ${service} is not touched; its registration follows as soon as ZooKeeper answers.`);
      }, PATIENCE_MS).unref();
    },
    quiet() {
      clearTimeout(away);
      clearTimeout(notWell);
    },
  };
}

try {
  const env = readEnv(RegisterEnv, process.env);
  const asked = parseCommandLine(process.argv.slice(2), { zookeeper: env.ZOOKEEPER, root: env.SERVICES_ROOT });
  if (asked === "help") process.stdout.write(HELP);
  else process.exit(await run(asked, env.ZOOKEEPER_AUTH));
} catch (error) {
  const expected = error instanceof UsageError || error instanceof SettingsError;
  process.stderr.write(`${expected ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(expected ? 2 : 1);
}
