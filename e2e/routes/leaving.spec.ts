import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures/mesh-test.ts";
import { createAndFollow, deleteRoute, sendTo, startRoute } from "../fixtures/route-form.ts";

const DESCRIPTION = "typed and not saved";

/** Opens the shop's route from the list, so that Back leads there, and changes something. */
async function typeIntoShop(page: Page): Promise<void> {
  await page.goto("/overview");
  await page.getByRole("link", { name: "Routes", exact: true }).first().click();
  await page.getByRole("link", { name: "shop", exact: true }).click();
  await expect(page).toHaveURL(/\/routes\/shop$/);
  await page.getByLabel("Description").fill(DESCRIPTION);
}

/** Presses the browser's Back or Forward. Playwright's own way waits for a page that, held back, never comes. */
async function press(page: Page, button: "back" | "forward"): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  const { currentIndex, entries } = await browser.send("Page.getNavigationHistory");
  const entry = entries[currentIndex + (button === "back" ? -1 : 1)];
  if (entry === undefined) throw new Error(`there is nothing ${button}`);
  await browser.send("Page.navigateToHistoryEntry", { entryId: entry.id });
  await browser.detach();
}

test("Back and Forward ask before what was typed is lost, however often they are pressed", async ({ page }) => {
  await typeIntoShop(page);
  const question = page.getByRole("alertdialog", { name: "Leave without saving?" });

  await press(page, "back");
  await expect(question).toBeVisible();
  // Once more, with nothing pressed in between: a page may not cancel that one.
  await press(page, "back");
  await expect(page).toHaveURL(/\/routes\/shop$/);
  await expect(question).toBeVisible();
  await question.getByRole("button", { name: "Stay" }).click();
  await expect(question).toBeHidden();
  await expect(page.getByLabel("Description")).toHaveValue(DESCRIPTION);

  await press(page, "back");
  await question.getByRole("button", { name: "Leave" }).click();
  await expect(page).toHaveURL(/\/routes$/);
  await expect(page.getByRole("table", { name: "Routes" })).toBeVisible();

  await press(page, "forward");
  await expect(page).toHaveURL(/\/routes\/shop$/);
  await expect(page.getByLabel("Description")).toHaveValue("The demo shop, for visitors.");
  // Nothing was changed: nothing is asked.
  await press(page, "back");
  await expect(page).toHaveURL(/\/routes$/);
});

test("a link asks as well, and after saving nothing does", async ({ page }) => {
  const name = "leaving-trial";
  await startRoute(page, name);
  await sendTo(page, "storefront");
  await page.getByRole("link", { name: "Services", exact: true }).first().click();
  const question = page.getByRole("alertdialog", { name: "Leave without saving?" });
  await question.getByRole("button", { name: "Stay" }).click();
  await createAndFollow(page, name);
  await page.getByRole("link", { name: "Services", exact: true }).first().click();
  await expect(page).toHaveURL(/\/services$/);
  await deleteRoute(page, name);
});

test("deleting a route says who takes its requests then, and a route can be duplicated", async ({ page }) => {
  const name = "duplicate-trial";
  await page.goto("/routes/cart");
  await page.getByRole("button", { name: "Delete…" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Delete route cart?" });
  await expect(dialog).toContainText("No other route takes its requests: they are refused with 404.");
  await dialog.getByRole("button", { name: "Cancel" }).click();

  await page.getByRole("link", { name: "Duplicate" }).click();
  await expect(page.getByRole("heading", { name: "New route" })).toBeVisible();
  await expect(page.getByLabel("Hosts")).toHaveValue("cart.mesh");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Value of path of match 1").fill("/trial");
  await createAndFollow(page, name);
  await page.getByRole("button", { name: "Delete…" }).click();
  const other = page.getByRole("alertdialog", { name: `Delete route ${name}?` });
  await expect(other).toContainText("All of its requests go to cart then.");
  await other.getByRole("button", { name: "Delete route" }).click();
  await expect(page).toHaveURL(/\/routes$/);
});

test("on a phone the lists show all of a row without scrolling sideways", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const [path, name] of [
    ["/routes", "Routes"],
    ["/services", "Services"],
    ["/audit", "Audit log"],
  ] as const) {
    await page.goto(path);
    const table = page.getByRole("table", { name });
    await expect(table).toBeVisible();
    const overflow = await table.evaluate(({ parentElement: box }) =>
      box === null ? Number.NaN : box.scrollWidth - box.clientWidth,
    );
    expect(overflow, path).toBeLessThanOrEqual(0);
  }
});
