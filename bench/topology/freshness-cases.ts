import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Page } from "@playwright/test";
import { createParser } from "eventsource-parser";
import { z } from "zod";
import { reportTo } from "#launch/report.ts";
import { readSettings } from "#launch/settings.ts";
import { startStack, type Stack } from "#launch/stack.ts";
import type { BenchCase } from "../harness.ts";
import { openBrowser } from "./open-browser.ts";
import { openConsole } from "./open-console.ts";
import { watchDrawing, type Drawn } from "./watch-drawing.ts";

/** The gateway is started anew this often, since where in the console's second its windows end stays the same for a run. */
const RUNS = 5;
const SECONDS = 12;
/** A picture taken this long after a window ended has that window in it, ms: it has a loopback connection to come by. */
const JOURNEY_MS = 20;

/**
 * From the end of a window at the gateway until the browser has drawn the picture with it: real gateway, console and
 * Chromium (`--disable-gpu`), the demo's shop and load. The peer is what one waits for at the best of what others do: asking
 * every 10 s (Kiali's shortest), half of which one waits on average, and 95 % of which at the 95th percentile.
 */
export async function freshnessCases(): Promise<BenchCase[]> {
  const dataDir = mkdtempSync(join(tmpdir(), "meshkeeper-bench-"));
  // As root PostgreSQL runs as another user, who has to pass through.
  chmodSync(dataDir, 0o711);
  const stack = await startStack(settingsFor(dataDir), reportTo(process.stderr));
  const browser = await openBrowser();
  try {
    const page = await openConsole(browser, stack);
    const ages: number[] = [];
    for (let run = 0; run < RUNS; run += 1) ages.push(...(await agesOfOneRun(stack, page)));
    const sorted = ages.toSorted((a, b) => a - b);
    const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
    process.stdout.write(`window to drawing: ${sorted.length} windows, longest ${at(1).toFixed(0)} ms\n`);
    const polling = { "asking every 10 s": 10_000 };
    return [
      { name: "window closed to drawn, p50", ours: at(0.5), peers: scaled(polling, 0.5), unit: "ms", better: "lower" },
      {
        name: "window closed to drawn, p95",
        ours: at(0.95),
        peers: scaled(polling, 0.95),
        unit: "ms",
        better: "lower",
      },
    ];
  } finally {
    await browser.close();
    await stack.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function scaled(peers: Readonly<Record<string, number>>, by: number): Record<string, number> {
  return Object.fromEntries(Object.entries(peers).map(([name, figure]) => [name, figure * by]));
}

function settingsFor(dataDir: string): ReturnType<typeof readSettings> {
  const ports = ["CONSOLE_PORT", "GATEWAY_PORT", "GATEWAY_ADMIN_PORT", "ZOOKEEPER_PORT", "DATABASE_PORT"];
  const free = Object.fromEntries(ports.map((name) => [name, "0"]));
  return readSettings({ ...process.env, ...free, DATABASE_URL: "", ZOOKEEPER: "", NO_DEMO: "", DATA_DIR: dataDir });
}

async function agesOfOneRun(stack: Stack, page: Page): Promise<number[]> {
  await stack.part("gateway").stop();
  // Any moment of the console's second.
  await pause(Math.random() * 1000);
  await stack.part("gateway").start();
  // The console has to find it again first.
  await pause(6000);
  const drawn = await watchDrawing(page);
  const ends = await windowEnds(stack.urls.admin, SECONDS);
  await pause(3000);
  const pictures = await drawn.stop();
  return ends.flatMap((endMs) => ageOf(endMs, pictures));
}

/** Nothing for a window of which no picture was drawn: the figures were the same as before. */
function ageOf(endMs: number, pictures: readonly Drawn[]): number[] {
  const first = pictures.find(({ takenMs }) => takenMs >= endMs + JOURNEY_MS);
  return first === undefined || first.drawnMs === null ? [] : [first.drawnMs - endMs];
}

const Ended = z.object({ endMs: z.number() });

/** When the next windows of a gateway end, Unix epoch, ms. */
async function windowEnds(adminUrl: string, count: number): Promise<number[]> {
  const ends: number[] = [];
  const startMs = Date.now();
  const connection = new AbortController();
  const response = await fetch(new URL("telemetry", `${adminUrl}/`), { signal: connection.signal });
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (event !== "window") return;
      const { endMs } = Ended.parse(JSON.parse(data));
      if (endMs > startMs) ends.push(endMs);
    },
  });
  if (response.body === null) throw new Error("the gateway has no telemetry");
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    parser.feed(text);
    if (ends.length >= count) break;
  }
  connection.abort();
  return ends;
}
