import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "@playwright/test";
import { build } from "esbuild";
import type { BenchCase } from "../harness.ts";
import { compare, median, type Measure } from "../measure.ts";
import { openBrowser } from "./open-browser.ts";
import type { DrawingBench } from "./drawing-page.ts";

declare global {
  interface Window {
    readonly bench: DrawingBench;
  }
}

const PAN_MS = 6000;
/** For React Flow, which needs half a minute for 10,000 nodes, and more where the machine has other work. */
const LIMIT_MS = 300_000;

/** Just what the classes in the canvas' markup say, so that the bench needs no style sheet compiler. */
const STYLE = `
  html, body { margin: 0; height: 100%; overflow: hidden; font: 13px sans-serif; }
  #root { position: absolute; inset: 0; }
  .absolute { position: absolute; } .inset-0 { inset: 0; } .top-0 { top: 0; } .left-0 { left: 0; }
  .right-3 { right: 12px; } .bottom-3 { bottom: 12px; } .left-3 { left: 12px; }
  .origin-top-left { transform-origin: 0 0; } .overflow-hidden { overflow: hidden; } .pointer-events-none { pointer-events: none; }
  :root { --canvas: #f5f6f8; --surface: #fff; --sunken: #f0f2f5; --line: #dfe3e8; --line-strong: #b9c1cb; --ink: #18212c;
    --ink-2: #465262; --ink-3: #626e7d; --accent: #1d5bb8; --accent-tint: #e8effa; --good: #15703f; --good-tint: #e5f3ea;
    --warn: #8a5500; --warn-tint: #fcf1dc; --bad: #b4232a; --bad-tint: #fbe9e9; --off: #626e7d; --off-tint: #eceff2; }
  .card { box-sizing: border-box; height: 100%; padding: 8px 12px; border: 1px solid var(--line-strong); border-radius: 8px;
    background: var(--surface); overflow: hidden; white-space: nowrap; }
  .card.degraded { border-color: var(--warn); } .card.failing { border-color: var(--bad); }`;

async function bundle(entry: string, folder: string): Promise<string> {
  const script = join(folder, `${entry}.js`);
  await build({
    entryPoints: [join(import.meta.dirname, `${entry}.tsx`)],
    bundle: true,
    minify: true,
    outfile: script,
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"', "process.env": "{}" },
    logLevel: "error",
  });
  const page = join(folder, `${entry}.html`);
  const head = `<meta charset="utf-8"><style>${STYLE}</style><link rel="stylesheet" href="${entry}.css">`;
  await writeFile(
    page,
    `<!doctype html><html><head>${head}</head><body><div id="root"></div><script src="${entry}.js"></script></body></html>`,
  );
  return pathToFileURL(page).href;
}

async function openPage(browser: Browser, address: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(LIMIT_MS);
  page.on("pageerror", (error) => {
    process.stderr.write(`${address}: ${error.message}\n`);
  });
  await page.goto(address);
  await page.bringToFront();
  return page;
}

/** What is measured on one page, which is opened anew each time and has the browser for itself. */
type OnPage = (page: Page) => Promise<number>;

function measureOn(browser: Browser, address: string, once: OnPage): Measure {
  return async () => {
    const page = await openPage(browser, address);
    try {
      return await once(page);
    } finally {
      await page.close();
    }
  };
}

const firstPaint =
  (nodes: number, edges: number): OnPage =>
  (page) =>
    page.evaluate(([n, e]) => window.bench.firstPaint(n, e), [nodes, edges] as const);

async function frameTimes(page: Page, nodes: number, edges: number): Promise<number[]> {
  await firstPaint(nodes, edges)(page);
  // What is done once after the first paint is not what is measured.
  await page.evaluate(() => window.bench.frames(1000));
  return page.evaluate((ms) => window.bench.frames(ms), PAN_MS);
}

const p95Frame =
  (nodes: number, edges: number): OnPage =>
  async (page) => {
    const times = (await frameTimes(page, nodes, edges)).toSorted((a, b) => a - b);
    return times[Math.floor(times.length * 0.95)] ?? Number.NaN;
  };

const framesPerSecond =
  (nodes: number, edges: number): OnPage =>
  async (page) => {
    const times = await frameTimes(page, nodes, edges);
    return (times.length * 1000) / times.reduce((sum, time) => sum + time, 0);
  };

const delta =
  (nodes: number, edges: number): OnPage =>
  async (page) => {
    await firstPaint(nodes, edges)(page);
    const times: number[] = [];
    for (let second = 1; second <= 9; second += 1) {
      times.push(await page.evaluate((seed) => window.bench.delta(seed), second));
    }
    return median(times);
  };

interface Wanted {
  readonly name: string;
  readonly unit: string;
  readonly better: BenchCase["better"];
  readonly once: OnPage;
  readonly rounds: number;
}

const WANTED: readonly Wanted[] = [
  { name: "first paint 500/2000", unit: "ms", better: "lower", once: firstPaint(500, 2000), rounds: 5 },
  { name: "first paint 1000/5000", unit: "ms", better: "lower", once: firstPaint(1000, 5000), rounds: 3 },
  { name: "pan p95 frame 500/2000", unit: "ms", better: "lower", once: p95Frame(500, 2000), rounds: 3 },
  { name: "pan p95 frame 1000/5000", unit: "ms", better: "lower", once: p95Frame(1000, 5000), rounds: 3 },
  { name: "delta applied 500/2000", unit: "ms", better: "lower", once: delta(500, 2000), rounds: 3 },
  { name: "pan fps 10000/50000", unit: "frames/s", better: "higher", once: framesPerSecond(10_000, 50_000), rounds: 1 },
];

/**
 * Our canvas beside a rendition of the same graph by React Flow, in Chromium with --disable-gpu: positions are given, the
 * whole graph is in view, frames are counted by requestAnimationFrame. `only` picks cases by a part of their names.
 */
export async function drawingCases(only = ""): Promise<BenchCase[]> {
  const folder = await mkdtemp(join(tmpdir(), "meshkeeper-drawing-"));
  const browser = await openBrowser();
  try {
    const ours = await bundle("drawing-ours-page", folder);
    const theirs = await bundle("drawing-react-flow-page", folder);
    const cases: BenchCase[] = [];
    for (const { name, unit, better, once, rounds } of WANTED.filter((wanted) => wanted.name.includes(only))) {
      const medians = await compare({
        ours: measureOn(browser, ours, once),
        peers: { "react-flow": measureOn(browser, theirs, once) },
        rounds,
        // Each round opens a page of its own, which warms up by itself.
        warmUps: 0,
      });
      cases.push({ name, unit, better, ...medians });
    }
    return cases;
  } finally {
    await browser.close();
    await rm(folder, { recursive: true });
  }
}
