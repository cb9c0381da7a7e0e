import { destination, pino } from "pino";
import { z } from "zod";
import type { ZooKeeperStatus } from "#domain/zookeeper-status.ts";
import { GatewayEnv, readEnv, SettingsError } from "#platform/env.ts";
import { HELP, parseCommandLine, UsageError, type RegisterCommand } from "#registration/command-line.ts";
import { register, type RegistrationState } from "#registration/register.ts";
import { runCommand } from "#registration/run-command.ts";

/** One Ctrl-C arrives from the terminal and from whoever started us: what comes this soon after the first is the same. */
const SAME_SIGNAL_MS = 1000;
/** ZooKeeper is given so long to answer before a person is told that it does not, ms. */
const PATIENCE_MS = 3000;

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
  const command = words === null ? null : runCommand(words, say);
  const registration = register({
    ...wish,
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
  cut.abort();
  await registration.stop(cut.signal);
  told.quiet();
  clearInterval(open);
  return code;
}

/** Tells the person at the terminal what changed, each thing once. */
function teller(service: string): {
  state(state: RegistrationState): void;
  session(status: ZooKeeperStatus): void;
  quiet(): void;
} {
  let away: NodeJS.Timeout | undefined;
  let isAway = false;
  return {
    state(state) {
      if (state.kind === "registered")
        say(`${service} is registered: ${state.path}, reached at ${state.address} port ${state.port}.`);
      if (state.kind === "out") say(`${service} is out of the registry until it is well again: ${state.problem}.`);
    },
    session({ state, problem }) {
      if (state === "up") {
        clearTimeout(away);
        away = undefined;
        if (isAway) say("ZooKeeper is back.");
        isAway = false;
        return;
      }
      away ??= setTimeout(() => {
        isAway = true;
        say(`${problem} ${service} is not touched; its registration follows as soon as ZooKeeper answers.`);
      }, PATIENCE_MS).unref();
    },
    quiet: () => clearTimeout(away),
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
