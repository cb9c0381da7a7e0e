import { resolve } from "node:path";
import { z } from "zod";
import { readEnv } from "#platform/env.ts";
import type { DemoStatus } from "./control-contract.ts";
import { DemoEnv } from "./demo-env.ts";
import { DemoNotRunning, orderDemo } from "./order-demo.ts";
import { parseOrder } from "./parse-order.ts";

const env = readEnv(z.object({ DATA_DIR: DemoEnv.shape.DATA_DIR }), process.env);
const order = parseOrder(process.argv.slice(2));
if (typeof order === "string") {
  process.stderr.write(`${order}\n`);
  process.exitCode = 2;
} else {
  try {
    process.stdout.write(describe(await orderDemo(resolve(env.DATA_DIR), order)));
  } catch (error) {
    process.stderr.write(`${error instanceof DemoNotRunning ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

function describe({ services, load }: DemoStatus): string {
  const words = { break: "broken on purpose", slow: "slow on purpose" };
  const rows = services.map(({ service, trouble, instances }) => {
    const state = trouble === null ? "well" : words[trouble];
    return `  ${service.padEnd(16)} ${state.padEnd(18)} ${instances.join(", ")}\n`;
  });
  const { peakPerSecond, sent, succeeded, failed, unanswered, leftOut, inFlight } = load;
  const summary = `  load: at most ${peakPerSecond}/s; sent ${sent}, answered well ${succeeded}, failed ${failed} (${unanswered} without an answer), left out ${leftOut}, waiting ${inFlight}\n`;
  return `${rows.join("")}${summary}`;
}
