import { ConsoleEnv, readEnv } from "#platform/env.ts";
import { openLog } from "#platform/log.ts";
import { startConsole } from "./start-console.ts";
import { lifecycleUntilStopped, runProcess } from "./run-process.ts";

/** A stop that takes longer than this is cut short, ms. */
const STOP_WITHIN_MS = 5000;

async function main(): Promise<void> {
  const env = readEnv(ConsoleEnv, process.env);
  const log = openLog("console", env.LOG_LEVEL);
  const lifecycle = lifecycleUntilStopped(log, STOP_WITHIN_MS);
  const started = await startConsole(env, process.env.NODE_ENV === "development", lifecycle, log);
  log.info({ url: started.url }, "console is up");
  if (process.send !== undefined) process.send({ ready: true, port: started.port, signInLink: started.signInLink });
  else if (started.signInLink !== undefined)
    process.stdout.write(`\nSign in for the first time, once, with ${started.signInLink}\n\n`);
}

runProcess(main);
