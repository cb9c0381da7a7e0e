import { ConsoleEnv, readEnv, SettingsError } from "#platform/env.ts";
import { Lifecycle } from "#platform/lifecycle.ts";
import { openLog } from "#platform/log.ts";
import { startConsole } from "./start-console.ts";

/** A stop that takes longer than this is cut short, ms. */
const STOP_WITHIN_MS = 5000;

async function main(): Promise<void> {
  const env = readEnv(ConsoleEnv, process.env);
  const log = openLog("console", env.LOG_LEVEL);
  const lifecycle = new Lifecycle(log);
  stopOnSignals(lifecycle);
  const started = await startConsole(env, process.env.NODE_ENV === "development", lifecycle, log);
  log.info({ url: started.url }, "console is up");
  if (process.send !== undefined) process.send({ ready: true, port: started.port, signInLink: started.signInLink });
  else if (started.signInLink !== undefined)
    process.stdout.write(`\nSign in for the first time, once, with ${started.signInLink}\n\n`);
}

function stopOnSignals(lifecycle: Lifecycle): void {
  const stop = (): void => {
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    void lifecycle.stop().then(() => process.exit(0));
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  // Whoever started this process over IPC has gone.
  process.once("disconnect", stop);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof SettingsError ? error.message : String(error instanceof Error ? (error.stack ?? error.message) : error)}\n`,
  );
  process.exit(1);
});
