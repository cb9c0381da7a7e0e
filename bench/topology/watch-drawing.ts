import type { Page } from "@playwright/test";

/** A picture that the page received. */
export interface Drawn {
  /** When the console took it, Unix epoch, ms. */
  readonly takenMs: number;
  /** When the canvas was drawn after it came; null: it was not, before the next one came. */
  readonly drawnMs: number | null;
}

/**
 * Notes, in the page, when pictures come and when the canvas is drawn, by what every page has: messages of event streams and
 * the methods of canvases. The page is loaded anew for it.
 */
export async function watchDrawing(page: Page): Promise<{ stop(): Promise<readonly Drawn[]> }> {
  await page.addInitScript(install);
  await page.reload({ waitUntil: "commit" });
  await page.waitForFunction(() => (window.benchPictures?.length ?? 0) > 3);
  return { stop: () => page.evaluate(() => window.benchPictures ?? []) };
}

declare global {
  interface Window {
    benchPictures?: { takenMs: number; drawnMs: number | null }[];
  }
}

function install(): void {
  const pictures: { takenMs: number; drawnMs: number | null }[] = [];
  window.benchPictures = pictures;
  const Native = window.EventSource;
  window.EventSource = class extends Native {
    constructor(url: string | URL, options?: EventSourceInit) {
      super(url, options);
      this.addEventListener("message", (event: MessageEvent<string>) => {
        // The latest moment in it that is not ahead of now is when it was taken; names of fields are abbreviated.
        const now = Date.now();
        const moments = [...event.data.matchAll(/\b\d{13}\b/g)].map(([text]) => Number(text)).filter((ms) => ms <= now);
        if (moments.length > 0) pictures.push({ takenMs: Math.max(...moments), drawnMs: null });
      });
    }
  };
  // The layer of boxes and arrows begins with its background; that of the moving dots does not.
  const fill = CanvasRenderingContext2D.prototype.fillRect;
  CanvasRenderingContext2D.prototype.fillRect = function (x, y, width, height) {
    const last = pictures.at(-1);
    if (last !== undefined && x === 0 && y === 0) last.drawnMs ??= Date.now();
    fill.call(this, x, y, width, height);
  };
}
