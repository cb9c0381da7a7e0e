import { AxeBuilder } from "@axe-core/playwright";
import type { APIRequestContext, Locator, Page } from "@playwright/test";
import { expect, livePicture, test } from "../fixtures/mesh-test.ts";

/** Requests per second that one instance answers. */
async function rateOf(request: APIRequestContext, service: string, instance: string): Promise<number> {
  const { services } = await livePicture(request);
  const traffic = services.find(({ name }) => name === service)?.traffic ?? [];
  return traffic.find((one) => one.instance === instance)?.requestsPerSecond ?? 0;
}

const revisionOf = async (request: APIRequestContext): Promise<number> =>
  (await livePicture(request)).sync.savedRevision;

const bar = (page: Page): Locator => page.getByRole("region", { name: "Selected instances" });
const box = (page: Page, id: string): Locator => page.getByRole("checkbox", { name: new RegExp(`^Select ${id}\\b`) });
const rowOf = (page: Page, id: string): Locator =>
  page.getByRole("table", { name: "Instances" }).getByRole("row", { name: new RegExp(`^Select ${id} of `) });

async function choose(page: Page, ...ids: string[]): Promise<void> {
  for (const id of ids) await box(page, id).check();
}

/** Opens the dialog from the bar. */
async function ask(page: Page, action: string): Promise<Locator> {
  await bar(page).getByRole("button", { name: action }).click();
  return page.getByRole("alertdialog");
}

test.beforeEach(async ({ page }) => {
  await page.goto("/instances");
  await expect(rowOf(page, "inventory-v1-a")).toBeVisible();
});

test("instances of two services are drained in one revision, and sent requests again", async ({ page, request }) => {
  await expect.poll(() => rateOf(request, "inventory", "inventory-v1-b"), { timeout: 60_000 }).toBeGreaterThan(0);
  await expect.poll(() => rateOf(request, "catalog", "catalog-b"), { timeout: 60_000 }).toBeGreaterThan(0);
  const before = await revisionOf(request);
  await choose(page, "inventory-v1-b", "catalog-b");
  await expect(bar(page)).toContainText("2 selected in 2 services");

  const drain = await ask(page, "Drain…");
  await expect(drain.getByRole("region", { name: "inventory" })).toContainText("inventory-v1-a");
  await expect(drain.getByRole("region", { name: "catalog" })).toContainText("new ones go to catalog-a");
  await drain.getByRole("button", { name: "Drain" }).click();
  await expect(drain).toBeHidden();
  await expect(bar(page).getByRole("status", { name: "Last change" })).toContainText(
    `Drained 2 instances of 2 services, revision ${String(before + 1)}`,
  );
  await expect(bar(page).getByRole("status", { name: "Last change" })).toContainText("Applied 1/1", {
    timeout: 60_000,
  });
  expect(await revisionOf(request)).toBe(before + 1);
  await expect(rowOf(page, "inventory-v1-b")).toContainText("Drained");
  await expect.poll(() => rateOf(request, "inventory", "inventory-v1-b"), { timeout: 60_000 }).toBe(0);
  await expect.poll(() => rateOf(request, "catalog", "catalog-b"), { timeout: 60_000 }).toBe(0);
  expect(await rateOf(request, "inventory", "inventory-v1-a")).toBeGreaterThan(0);
  expect(await rateOf(request, "catalog", "catalog-a")).toBeGreaterThan(0);

  const undrain = await ask(page, "Send requests again…");
  await undrain.getByRole("button", { name: "Send requests again" }).click();
  await expect(undrain).toBeHidden();
  await expect(rowOf(page, "catalog-b")).toContainText("Serving");
  await expect.poll(() => rateOf(request, "inventory", "inventory-v1-b"), { timeout: 60_000 }).toBeGreaterThan(0);
  await expect.poll(() => rateOf(request, "catalog", "catalog-b"), { timeout: 60_000 }).toBeGreaterThan(0);
  expect(await revisionOf(request)).toBe(before + 2);
});

test("the last instance of a service, and of a route's destination, goes only with a tick", async ({
  page,
  request,
}) => {
  const before = await revisionOf(request);
  await choose(page, "payments-backup-a", "inventory-v2-a", "catalog-a");
  const dialog = await ask(page, "Drain…");
  const confirm = dialog.getByRole("button", { name: "Drain" });
  await expect(dialog.getByRole("region", { name: "payments-backup" }).getByRole("alert")).toContainText(
    "last instance of payments-backup",
  );
  await expect(dialog.getByRole("region", { name: "inventory" }).getByRole("alert")).toContainText(
    "inventory version=2",
  );
  await expect(dialog.getByRole("region", { name: "catalog" }).getByRole("alert")).toHaveCount(0);
  await expect(confirm).toBeDisabled();
  const tick = dialog.getByLabel(/I know that requests to .*payments-backup.* will fail/);
  await tick.check();
  await expect(confirm).toBeEnabled();
  await tick.uncheck();
  await expect(confirm).toBeDisabled();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  expect(await revisionOf(request)).toBe(before);
});

test("a drain looked at before somebody drained the others is refused, and then asks", async ({ page, context }) => {
  await choose(page, "payments-a");
  const dialog = await ask(page, "Drain…");
  await expect(dialog).toContainText("new ones go to payments-b");
  // What is set by others from now on does not get through to this page.
  await page.route(/services[.]policies/, (route) => route.abort());
  const other = await context.newPage();
  await other.goto("/instances");
  await choose(other, "payments-b");
  await (await ask(other, "Drain…")).getByRole("button", { name: "Drain" }).click();
  await expect(rowOf(other, "payments-b")).toContainText("Drained");

  const confirm = dialog.getByRole("button", { name: "Drain" });
  await confirm.click();
  await expect(dialog.getByRole("alert")).toContainText("No instance of payments would be left that serves.");
  await expect(confirm).toBeDisabled();
  await dialog.getByLabel("I know that requests to payments will fail").check();
  await expect(confirm).toBeEnabled();
  await dialog.getByRole("button", { name: "Cancel" }).click();

  await (await ask(other, "Send requests again…")).getByRole("button", { name: "Send requests again" }).click();
  await expect(rowOf(other, "payments-b")).toContainText("Serving");
});

test("weights are halved and doubled, each from its own", async ({ page }) => {
  await choose(page, "inventory-v1-a", "payments-a");
  const half = await ask(page, "Weight…");
  await half.getByRole("button", { name: "Half" }).click();
  await expect(half).toContainText("inventory-v1-a: 100 → 50");
  await half.getByRole("button", { name: "Save weight" }).click();
  await expect(half).toBeHidden();
  await expect(page.getByRole("button", { name: "Weight of inventory-v1-a: 50. Change…" })).toBeVisible();

  // One of them alone, from its row: now they differ.
  await page.getByRole("button", { name: "Weight of payments-a: 50. Change…" }).click();
  const one = page.getByRole("alertdialog");
  await one.getByLabel("Weight", { exact: true }).fill("30");
  await one.getByRole("button", { name: "Save weight" }).click();
  await expect(one).toBeHidden();

  const double = await ask(page, "Weight…");
  await double.getByRole("button", { name: "Double" }).click();
  await expect(double).toContainText("inventory-v1-a: 50 → 100");
  await expect(double).toContainText("payments-a: 30 → 60");
  await double.getByRole("button", { name: "Save weight" }).click();
  await expect(double).toBeHidden();
  await expect(page.getByRole("button", { name: "Weight of payments-a: 60. Change…" })).toBeVisible();

  const set = await ask(page, "Weight…");
  await set.getByLabel("Weight", { exact: true }).fill("1001");
  await expect(set.getByRole("button", { name: "Save weight" })).toBeDisabled();
  await set.getByRole("button", { name: "As registered" }).click();
  await expect(set).toContainText("payments-a: 60 → 100");
  await set.getByRole("button", { name: "Save weight" }).click();
  await expect(set).toBeHidden();
});

test("rows are selected by range and by keyboard, and stay so while the list is narrowed", async ({ page }) => {
  await box(page, "catalog-a").check();
  await box(page, "inventory-v1-b").click({ modifiers: ["Shift"] });
  await expect(bar(page)).toContainText("4 selected in 2 services");
  await expect(box(page, "catalog-b")).toBeChecked();
  await expect(box(page, "inventory-v1-a")).toBeChecked();

  await box(page, "inventory-v1-b").focus();
  await page.keyboard.press("Shift+ArrowDown");
  await expect(box(page, "inventory-v2-a")).toBeFocused();
  await expect(bar(page)).toContainText("5 selected");
  await page.keyboard.press("Space");
  await expect(bar(page)).toContainText("4 selected");

  await page.getByRole("searchbox", { name: "Search instances" }).fill("catalog");
  await expect(page).toHaveURL(/q=catalog/);
  await expect(rowOf(page, "inventory-v1-a")).toBeHidden();
  await expect(bar(page)).toContainText("4 selected in 2 services, 2 not shown");
  await page.getByRole("checkbox", { name: "Select all instances shown" }).uncheck();
  await expect(bar(page)).toContainText("2 selected, 2 not shown");
  await bar(page).getByRole("button", { name: "Clear" }).click();
  await expect(bar(page)).toBeHidden();

  await page.goto("/instances?version=2");
  await expect(rowOf(page, "inventory-v2-a")).toBeVisible();
  await expect(page.getByRole("table", { name: "Instances" }).getByRole("row")).toHaveCount(2);
});

for (const scheme of ["light", "dark"] as const) {
  test(`selection, bar and dialog are free of axe violations and fit a phone, in ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    const violations = async (): Promise<string[]> =>
      (await new AxeBuilder({ page }).analyze()).violations.map(
        ({ id, nodes }) => `${id} ${nodes[0]?.target.join(" ") ?? ""}`,
      );
    for (const [width, height] of [
      [1440, 900],
      [390, 844],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.goto("/instances?q=a");
      await choose(page, "payments-backup-a", "inventory-v2-a");
      expect(await violations()).toEqual([]);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBeLessThanOrEqual(0);
      for (const action of ["Drain…", "Weight…"]) {
        const dialog = await ask(page, action);
        await expect(dialog).toContainText("payments-backup");
        expect(await violations()).toEqual([]);
        await dialog.getByRole("button", { name: "Cancel" }).click();
      }
    }
  });
}
