import { AxeBuilder } from "@axe-core/playwright";
import type { APIRequestContext, Page } from "@playwright/test";
import { z } from "zod";
import type { Moment } from "#domain/history.ts";
import { expect, livePicture, test } from "../fixtures/mesh-test.ts";
import { saveAndFollow } from "../fixtures/save-and-follow.ts";

const CALLS = "service:orders→service:inventory";
const SELECTED = `/topology?select=${encodeURIComponent(CALLS)}`;

async function setWeights(page: Page, first: string, second: string): Promise<void> {
  await page.goto("/routes/inventory");
  for (const [at, weight] of [first, second].entries()) {
    const destination = page.getByRole("group", { name: `Destination ${(at + 1).toString()}` });
    await destination.getByLabel(/weight/i).fill(weight);
  }
  await saveAndFollow(page);
}

/** Only the envelope is checked: the moment comes from our own server, whose types are its contract. */
const MomentAnswer = z.object({
  result: z.object({ data: z.custom<Moment>((value) => typeof value === "object") }),
});

/** Share of the inventory's calls that went to version 2 in some split, 0 … 1; null without calls. */
function shareOfVersion2(topology: Moment["topology"]): number | null {
  const shares = topology.edges.filter(({ id }) => id === CALLS).flatMap(({ split }) => split);
  const total = shares.reduce((sum, share) => sum + share.requestsPerSecond, 0);
  const second = shares.filter(({ subset }) => subset === "version=2");
  return total === 0 ? null : second.reduce((sum, share) => sum + share.requestsPerSecond, 0) / total;
}

/** The same of a moment on record; null while nothing is. */
async function recordedShare(request: APIRequestContext, atMs: number): Promise<number | null> {
  const input = encodeURIComponent(JSON.stringify({ atMs }));
  const answer = await request.get(`/api/trpc/history.moment?input=${input}`);
  return answer.ok() ? shareOfVersion2(MomentAnswer.parse(await answer.json()).result.data.topology) : null;
}

/** What the side panel says of the share of version 2, percent. */
async function shownShare(page: Page): Promise<number> {
  const items = page.getByRole("complementary").getByRole("listitem").filter({ hasText: "version=2" });
  const texts = await items.allInnerTexts();
  return texts.reduce((sum, text) => sum + Number(/([\d.]+)\s%/.exec(text)?.[1] ?? 0), 0);
}

/** Moves the slider back by its keys until it stands before a moment, Unix epoch, ms. */
async function scrubBefore(page: Page, atMs: number): Promise<void> {
  const slider = page.getByRole("slider", { name: "Moment shown" });
  await slider.focus();
  for (let presses = 0; presses < 120; presses += 1) {
    if (Number(await slider.getAttribute("aria-valuenow")) < atMs) return;
    await page.keyboard.press("ArrowLeft");
  }
  throw new Error("the slider does not come to the moment");
}

test("time goes back to before an edit, and the two moments are set beside each other", async ({ page, request }) => {
  test.setTimeout(180_000);
  // A whole span of the split as it was has to be on record first.
  await expect.poll(() => recordedShare(request, Date.now() - 2000), { timeout: 60_000 }).toBeGreaterThan(0.02);
  const before = await recordedShare(request, Date.now() - 2000);
  expect(before).toBeLessThan(0.5);
  const editedAtMs = Date.now();
  await setWeights(page, "0", "100");
  await expect.poll(async () => shareOfVersion2((await livePicture(request)).topology), { timeout: 60_000 }).toBe(1);
  await expect.poll(() => recordedShare(request, Date.now() - 2000), { timeout: 60_000 }).toBe(1);

  await page.goto(SELECTED);
  await expect.poll(() => shownShare(page)).toBe(100);
  await scrubBefore(page, editedAtMs - 1000);
  const banner = page.getByRole("status", { name: "Moment shown" });
  await expect(banner).toContainText(/You see the mesh at .*\sago/);
  await expect(banner).toContainText("Figures are the average of");
  await expect.poll(() => shownShare(page)).toBeLessThan(50);
  expect(await shownShare(page)).toBeGreaterThan(2);

  // Who opens the address sees the same.
  await page.reload();
  await expect(banner).toContainText("Figures are the average of");
  await expect.poll(() => shownShare(page)).toBeLessThan(50);

  await page.getByRole("button", { name: "Compare", exact: true }).click();
  await page.getByRole("menuitem", { name: "Now with this moment" }).click();
  const difference = page.getByRole("region", { name: "Difference" });
  await expect(difference.getByRole("row", { name: /orders → inventory/ })).toContainText(
    /version=2 [\d.]+\s% → 100\s%/,
  );
  await expect(difference).toContainText(/Between them: \d+ edits?/);
  await expect(difference).toContainText("Ada Operator");

  await page.getByRole("button", { name: "Stop comparing" }).click();
  await expect(difference).toBeHidden();
  await expect(banner).toBeHidden();
  await setWeights(page, "80", "20");
});

test("an entry of the audit log leads to the mesh as it was then, and back", async ({ page }) => {
  await page.goto("/routes/cart");
  await page.getByLabel("Description").fill(`Looked back at ${new Date().toISOString()}`);
  await saveAndFollow(page);
  await page.goto("/audit");
  await page.getByRole("searchbox").fill("routes/cart");
  const entry = page.getByRole("row", { name: /Route changed/ }).first();
  await entry.getByRole("link", { name: /Mesh then/ }).click();
  const banner = page.getByRole("status", { name: "Moment shown" });
  await expect(banner).toContainText(/You see the mesh at/);
  const marker = page.getByRole("group", { name: "What happened" }).locator("[aria-current=true]");
  await marker.click();
  await page
    .getByRole("dialog")
    .getByRole("link", { name: /Audit entry/ })
    .first()
    .click();

  await expect(page).toHaveURL(/\/audit\?entry=\d+/);
  await page.locator("tr[aria-current=true]").waitFor();
  await page.getByRole("link", { name: "Before and after" }).click();
  await expect(page.getByRole("region", { name: "Difference" })).toContainText(/Between them: .*edit/);
  await page.getByRole("button", { name: "Swap" }).click();
  await expect(page).toHaveURL(/[?&]compare=/);
});

test("what has happened is a list to search, and how much is on record is said", async ({ page }) => {
  await page.goto("/topology");
  await page.getByRole("button", { name: /What happened/ }).click();
  const dialog = page.getByRole("dialog", { name: "What happened" });
  await dialog.getByRole("searchbox").fill("inventory");
  await expect(dialog.getByRole("listitem").filter({ hasText: "inventory" }).first()).toBeVisible();
  await dialog.getByRole("searchbox").fill("nothing is called this");
  await expect(dialog).toContainText("Nothing that happened matches.");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "What is on record" }).click();
  await expect(page.getByRole("dialog", { name: "On record" })).toContainText(/MB of at most/);
});

test("the past is played up to now, and joins it", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto(`/topology?at=${(Date.now() - 60_000).toString()}`);
  const banner = page.getByRole("status", { name: "Moment shown" });
  await expect(banner).toContainText("Figures are the average of");
  await page.getByRole("combobox", { name: "Speed of the replay" }).selectOption("60");
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await expect(banner).toBeHidden();
  await expect(page).not.toHaveURL(/[?&]at=/);
  await expect(page.getByRole("button", { name: "Play", exact: true })).toBeVisible();
});

test("a moment of which nothing is on record is said to be one", async ({ page }) => {
  await page.goto("/topology?at=2020-01-01T00:00:00.000Z");
  await expect(page.getByRole("status", { name: "Moment shown" })).toContainText("Nothing is on record of that time.");
  await page.getByRole("button", { name: "Back to now" }).click();
  await expect(page.getByRole("status", { name: "Moment shown" })).toBeHidden();
});

for (const scheme of ["light", "dark"] as const) {
  test(`the past and the difference are free of axe violations in ${scheme}, on a phone too`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    const now = Date.now();
    for (const [width, height] of [
      [1440, 900],
      [390, 844],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.goto(`/topology?at=${(now - 5000).toString()}&compare=${(now - 20_000).toString()}`);
      await expect(page.getByRole("status", { name: "Moment shown" })).toContainText("Figures are the average of");
      await expect(page.getByRole("region", { name: "Difference" })).toContainText(/No difference|Differences/);
      const { violations } = await new AxeBuilder({ page }).disableRules("label-content-name-mismatch").analyze();
      expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.target.join(" ") ?? ""}`)).toEqual([]);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBeLessThanOrEqual(0);
    }
  });
}
