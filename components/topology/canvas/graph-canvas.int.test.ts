import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "@playwright/test";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { fitTo, inView, zoomAt, type Camera } from "./camera.ts";
import type { CanvasPage, ShownState } from "./test-bed/canvas-page.tsx";

declare global {
  interface Window {
    readonly canvasPage: CanvasPage;
    readonly taken?: boolean;
  }
}

const SIZE = { width: 1000, height: 700 };
const BOUNDS = { x: 0, y: 0, width: 880, height: 476 };
const A = { x: 0, y: 0, width: 180, height: 76 };
const FIRST = fitTo(BOUNDS, SIZE);
/** Just what the classes in the markup say. */
const STYLE = `html, body { margin: 0; } .absolute { position: absolute; } .inset-0 { inset: 0; } .top-0 { top: 0; }
  .left-0 { left: 0; } .origin-top-left { transform-origin: 0 0; } .overflow-hidden { overflow: hidden; }
  .touch-none { touch-action: none; } .pointer-events-none { pointer-events: none; } .bottom-3 { bottom: 12px; } .left-3 { left: 12px; }
  :root { --canvas: #f5f6f8; --ink: #18212c; --surface: #fff; } :root.dark { --canvas: #0d1116; --surface: #141a21; }`;

let folder: string;
let browser: Browser;
let address: string;
let page: Page;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "meshkeeper-canvas-"));
  await build({
    entryPoints: [join(import.meta.dirname, "test-bed", "canvas-page.tsx")],
    bundle: true,
    outfile: join(folder, "page.js"),
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"', "process.env": "{}" },
    logLevel: "error",
  });
  const html = `<!doctype html><meta charset="utf-8"><style>${STYLE}</style><div id="root"></div><script src="page.js"></script>`;
  await writeFile(join(folder, "page.html"), html);
  address = pathToFileURL(join(folder, "page.html")).href;
  browser = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
});

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  page = await browser.newPage({ viewport: SIZE });
  await page.goto(address);
  await page.getByRole("img", { name: /^Drawing of the mesh/ }).waitFor();
  // Drawn, and at rest: from here on every frame is asked for by what the test does.
  await expect.poll(stillFrames).toBe(0);
});

afterEach(async () => {
  await page.close();
});

function stillFrames(): Promise<number> {
  return page.evaluate(() => window.canvasPage.framesOf(10));
}

function show(state: Partial<ShownState>): Promise<void> {
  return page.evaluate((next) => window.canvasPage.show(next), state);
}

function told(): Promise<string[]> {
  return page.evaluate(() => window.canvasPage.told());
}

/** Middle of a box of the drawing, as the camera shows it. */
function middle(camera: Camera, box: typeof A): [x: number, y: number] {
  const { x, y, width, height } = inView(camera, box);
  return [x + width / 2, y + height / 2];
}

describe("the pointer", () => {
  it("selects a node, an arrow, and nothing", async () => {
    await page.mouse.click(...middle(FIRST, A));
    const arrow = { x: 290, y: 88, width: 0, height: 0 };
    await page.mouse.click(...middle(FIRST, arrow));
    await page.mouse.click(SIZE.width - 5, 5);
    expect(await told()).toEqual(["select a", "select a→b", "select nothing"]);
  });

  it("opens a node by a double click, and by the sign on its box", async () => {
    await page.mouse.dblclick(...middle(FIRST, A));
    expect(await told()).toEqual(["select a", "select a", "expand a"]);
    await page.mouse.click(...middle(FIRST, { x: 152, y: 4, width: 24, height: 24 }));
    expect(await told()).toEqual(["expand a"]);
  });

  it("pins a node where it is dropped, and lets it go by its pin", async () => {
    const [x, y] = middle(FIRST, A);
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 50, y + 30, { steps: 5 });
    await page.mouse.up();
    const expected = [50, 30].map((way) => Math.round(way / FIRST.scale).toString());
    expect(await told()).toEqual([`pin a ${expected.join(" ")}`]);
    await show({ pinned: ["a"] });
    await page.mouse.click(...middle(FIRST, { x: 162, y: -9, width: 18, height: 18 }));
    expect(await told()).toEqual(["unpin a"]);
  });

  it("moves the drawing from anywhere else, without selecting", async () => {
    const [x, y] = middle(FIRST, A);
    await page.mouse.move(600, 600);
    await page.mouse.down();
    await page.mouse.move(700, 560, { steps: 4 });
    await page.mouse.up();
    expect(await told()).toEqual([]);
    await page.mouse.click(x + 100, y - 40);
    expect(await told()).toEqual(["select a"]);
  });

  it("zooms by the wheel around where it is", async () => {
    const anchor = middle(FIRST, A);
    await page.mouse.move(...anchor);
    await page.mouse.wheel(0, -200);
    await expect.poll(stillFrames).toBe(0);
    const nearer = zoomAt(FIRST, { x: anchor[0], y: anchor[1] }, Math.exp(200 * 0.0016));
    const corner = inView(nearer, A);
    await page.mouse.click(corner.x + 3, corner.y + corner.height / 2);
    await page.mouse.click(corner.x - 12, corner.y + corner.height / 2);
    expect(await told()).toEqual(["select a", "select nothing"]);
  });
});

describe("fingers", () => {
  type Finger = readonly [x: number, y: number];
  let touch: (type: "touchStart" | "touchMove" | "touchEnd", fingers: readonly Finger[]) => Promise<unknown>;

  beforeEach(async () => {
    const session = await page.context().newCDPSession(page);
    touch = (type, fingers) =>
      session.send("Input.dispatchTouchEvent", { type, touchPoints: fingers.map(([x, y], id) => ({ x, y, id })) });
  });

  it("pan from a node that they do not rest on", async () => {
    const [x, y] = middle(FIRST, A);
    await touch("touchStart", [[x, y]]);
    await touch("touchMove", [[x + 40, y + 30]]);
    await touch("touchMove", [[x + 80, y + 60]]);
    await touch("touchEnd", []);
    await page.mouse.click(x + 80, y + 60);
    expect(await told()).toEqual(["select a"]);
  });

  it("take a node along after resting on it", async () => {
    const [x, y] = middle(FIRST, A);
    await touch("touchStart", [[x, y]]);
    // It is drawn as taken when it has been held long enough.
    await expect.poll(() => page.evaluate(() => window.canvasPage.framesOf(30))).toBeGreaterThan(0);
    await touch("touchMove", [[x + 50, y + 30]]);
    await touch("touchEnd", []);
    const expected = [50, 30].map((way) => Math.round(way / FIRST.scale).toString());
    expect(await told()).toEqual([`pin a ${expected.join(" ")}`]);
  });

  it("zoom by moving apart, around what is between them", async () => {
    const [x, y] = middle(FIRST, A);
    await touch("touchStart", [
      [x - 20, y],
      [x + 20, y],
    ]);
    await touch("touchMove", [
      [x - 30, y],
      [x + 30, y],
    ]);
    await touch("touchEnd", []);
    await expect.poll(stillFrames).toBe(0);
    const nearer = inView(zoomAt(FIRST, { x, y }, 1.5), A);
    await page.mouse.click(nearer.x + 5, y);
    await page.mouse.click(nearer.x - 14, y);
    expect(await told()).toEqual(["select a", "select nothing"]);
  });
});

describe("the keyboard", () => {
  it("moves and zooms the view, and shows all again", async () => {
    const [x, y] = middle(FIRST, A);
    await page.getByRole("group", { name: /^View of the drawing/ }).focus();
    await page.keyboard.press("ArrowLeft");
    await page.mouse.click(x + 60, y);
    expect(await told()).toEqual(["select a"]);
    await page.keyboard.press("+");
    await page.keyboard.press("0");
    await expect.poll(stillFrames).toBe(0);
    await page.mouse.click(x, y);
    await page.keyboard.press("Escape");
    expect(await told()).toEqual(["select a", "select nothing"]);
  });

  it("brings what has the focus elsewhere into view", async () => {
    const anchor = { x: 5, y: 5 };
    await page.mouse.move(anchor.x, anchor.y);
    for (let turn = 0; turn < 4; turn += 1) await page.mouse.wheel(0, -200);
    await expect.poll(stillFrames).toBe(0);
    await show({ focused: "far" });
    await expect.poll(stillFrames).toBe(0);
    // At the lower right end now, as far as needed and no further.
    await page.mouse.click(SIZE.width - 60, SIZE.height - 60);
    expect(await told()).toEqual(["select far"]);
  });
});

it("stays where it is beneath a selection while the view becomes narrower, and is fitted again afterwards", async () => {
  const corner = inView(FIRST, A);
  await show({ selected: "a" });
  await page.setViewportSize({ width: 800, height: SIZE.height });
  await expect.poll(stillFrames).toBe(0);
  await page.mouse.click(corner.x + 3, corner.y + corner.height / 2);
  await page.mouse.click(corner.x - 12, corner.y + corner.height / 2);
  expect(await told()).toEqual(["select a", "select nothing"]);
  await show({ selected: null });
  await page.setViewportSize({ width: 600, height: SIZE.height });
  await expect.poll(stillFrames).toBe(0);
  const fitted = inView(fitTo(BOUNDS, { width: 600, height: SIZE.height }, 0.62), A);
  await page.mouse.click(fitted.x + fitted.width - 3, fitted.y + fitted.height - 3);
  await page.mouse.click(fitted.x + fitted.width + 12, fitted.y + fitted.height + 12);
  expect(await told()).toEqual(["select a", "select nothing"]);
});

describe("frames", () => {
  it("are asked for only while something moves", async () => {
    expect(await stillFrames()).toBe(0);
    await show({ flow: true });
    await expect.poll(stillFrames).toBeGreaterThan(5);
    await show({ flow: false });
    await expect.poll(stillFrames).toBe(0);
  });

  it("are none for who asked for less motion", async () => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await show({ flow: true });
    await expect.poll(stillFrames).toBe(0);
  });

  it("show the theme that the page has taken on", async () => {
    const light = await page.screenshot({ clip: { x: 990, y: 0, width: 8, height: 8 } });
    await page.evaluate(() => document.documentElement.classList.add("dark"));
    await expect
      .poll(async () => (await page.screenshot({ clip: { x: 990, y: 0, width: 8, height: 8 } })).equals(light))
      .toBe(false);
  });
});

describe("files", () => {
  it("are SVG that a browser opens, with hostile names as plain text", async () => {
    const texts = await page.evaluate(() => {
      const document = new DOMParser().parseFromString(window.canvasPage.svg(), "image/svg+xml");
      const faults = document.querySelectorAll("parsererror, script").length;
      return { faults, titles: [...document.querySelectorAll("title")].map((title) => title.textContent) };
    });
    expect(texts.faults).toBe(0);
    expect(texts.titles).toContain(`</text><script>window.taken = true</script>"'&`);
    expect(await page.evaluate(() => window.taken)).toBeUndefined();
  });

  it("are PNG of the whole graph, twice as large as it is drawn", async () => {
    expect(await page.evaluate(() => window.canvasPage.pngSize())).toEqual([2 * (880 + 64), 2 * (476 + 64)]);
  });
});
