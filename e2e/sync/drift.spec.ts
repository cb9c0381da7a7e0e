import type { Locator, Page } from "@playwright/test";
import type { PolicyKey } from "#domain/policy.ts";
import { expect } from "../fixtures/mesh-test.ts";
import { test } from "../fixtures/third-party.ts";

test.beforeEach(({ page }) => page.goto("/sync"));
test.afterEach(async ({ request }) => {
  const answer = await request.post("/api/trpc/sync.setDriftMode", { data: { mode: "repair" } });
  expect(answer.status(), await answer.text()).toBe(200);
});

/** The switch, and the question it asks first. */
async function hold(page: Page): Promise<void> {
  await page.getByRole("switch", { name: /Hold what others change/ }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Hold and ask" }).click();
  await expect(page.getByRole("switch", { name: /Hold what others change/ })).toBeChecked();
}

/** The row of a finding, without what it opens to. */
function findingRow(page: Page, key: string, state: string): Locator {
  const button = page.getByRole("button", { name: `Compare ${key}`, exact: true });
  return page.getByRole("row").filter({ has: button }).filter({ hasText: state });
}

/** Opens the one finding about an object that waits, whatever is settled. */
async function openFinding(page: Page, key: string, state: string): Promise<void> {
  const row = findingRow(page, key, state);
  await expect(row).toHaveCount(1);
  const button = row.getByRole("button", { name: `Compare ${key}` });
  if ((await button.getAttribute("aria-expanded")) !== "true") await button.click();
}

function memberRow(page: Page, key: string, member: string) {
  return page
    .getByRole("table", { name: `Three states of ${key}` })
    .getByRole("row", { name: new RegExp(`^${member}`) });
}

test("what somebody else writes is put right at once, kept as a finding, and audited", async ({ page, thirdParty }) => {
  const before = await thirdParty.published("routes/cart");
  const words = `Written by hand at ${new Date().toISOString()}`;
  await thirdParty.change("routes/cart", { description: words });
  await expect.poll(() => thirdParty.published("routes/cart").catch(() => null)).toEqual(before);

  await page.getByRole("combobox", { name: "Which findings" }).selectOption("Put right");
  await page.getByRole("searchbox", { name: "Search findings" }).fill("routes/cart");
  // Latest first among those that are settled.
  await findingRow(page, "routes/cart", "Put right").first().getByRole("button").click();
  await expect(memberRow(page, "routes/cart", "description").first()).toContainText(words);

  await page.goto("/audit?q=routes/cart&action=drift.repair");
  await expect(page.getByRole("row", { name: /Drift repaired/ }).first()).toBeVisible();
});

test("held: the three states stand side by side, and adopting makes what was found an edit", async ({
  page,
  thirdParty,
}) => {
  await hold(page);
  const before = await thirdParty.published("routes/cart");
  const words = `Adopted at ${new Date().toISOString()}`;
  await thirdParty.editByHand("routes/cart", { description: words });
  await expect(page.getByRole("alert").filter({ hasText: "Somebody else changed a published node" })).toBeVisible();
  await expect(page.getByRole("status", { name: "Verdict" })).toContainText("left for a person to decide");

  await page.goto("/routes/cart");
  await page.getByRole("link", { name: "Compare and decide" }).last().click();
  await openFinding(page, "routes/cart", "Waits for a decision");
  const cells = memberRow(page, "routes/cart", "description").getByRole("cell");
  await expect(cells.nth(2)).toContainText(words);
  await expect(cells.nth(2).getByRole("img", { name: "differs" })).toBeVisible();
  await expect(cells.nth(0)).not.toContainText(words);
  await page.getByRole("button", { name: "Adopt" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Somebody else" })).toBeHidden();

  await page.goto("/routes/cart");
  await expect(page.getByLabel("Description")).toHaveValue(words);
  await expect(page.getByText(/applied on 1 of 1/i)).toBeVisible({ timeout: 60_000 });
  expect((await thirdParty.published("routes/cart")).revision).toBeGreaterThan(before.revision);
  await page.goto("/audit?q=routes/cart&action=drift.adopt");
  await expect(page.getByRole("row", { name: /Ada Operator/ }).first()).toBeVisible();
});

test("held: ignored it is left alone, restored it is as published, and bytes that are no policy act on nothing", async ({
  page,
  thirdParty,
}) => {
  await hold(page);
  const before = await thirdParty.published("routes/orders");
  await thirdParty.spoil("routes/orders", '<img src=x onerror="document.title=1">\u0000\u0001 {"spec"');
  await openFinding(page, "routes/orders", "Waits for a decision");
  await expect(page.getByRole("group", { name: "What was found at routes/orders" })).toContainText(
    '<img src=x onerror="document.title=1">⟨U+0000⟩⟨U+0001⟩ {"spec"',
  );
  await expect(page).toHaveTitle(/Sync/);
  await expect(page.getByRole("button", { name: "Adopt" })).toBeDisabled();
  await expect(page.getByText("What was found cannot be read as policy.")).toBeVisible();

  await page.getByRole("button", { name: "Ignore" }).click();
  await expect(findingRow(page, "routes/orders", "Ignored")).toBeVisible();
  await expect(page.getByRole("alert").filter({ hasText: "Somebody else" })).toBeHidden();
  await page.getByRole("button", { name: "Compare everything now" }).click();
  await expect(thirdParty.published("routes/orders")).rejects.toThrow("routes/orders");

  await openFinding(page, "routes/orders", "Ignored");
  await page.getByRole("button", { name: "Restore" }).click();
  await expect.poll(() => thirdParty.published("routes/orders").catch(() => null)).toEqual(before);
  await page.getByRole("combobox", { name: "Which findings" }).selectOption("Put right");
  await expect(findingRow(page, "routes/orders", "Put right").first()).toBeVisible();
});

test("held: many findings are searched, sorted and decided at once, restored or adopted in one edit", async ({
  page,
  thirdParty,
}) => {
  await hold(page);
  const keys = ["routes/cart", "routes/catalog", "routes/inventory", "routes/orders"] as const;
  const before = await Promise.all(keys.map((key) => thirdParty.published(key)));
  const words = `In bulk at ${new Date().toISOString()}`;
  const changeAll = async (some: readonly PolicyKey[]): Promise<void> => {
    await Promise.all(some.map((key) => thirdParty.change(key, { description: words })));
    for (const key of some) await expect(findingRow(page, key, "Waits for a decision")).toHaveCount(1);
  };
  await changeAll(keys);
  const table = page.getByRole("table", { name: "Changed by others" });
  await table.getByRole("button", { name: "Object" }).click();
  const compare = table.getByRole("button", { name: /^Compare / });
  await expect(compare).toHaveCount(4);
  await expect(compare.first()).toHaveAccessibleName("Compare routes/cart");
  await page.getByRole("searchbox", { name: "Search findings" }).fill("route orders");
  await expect(compare).toHaveCount(1);
  await page.getByRole("checkbox", { name: "Select routes/orders" }).check();
  await page.getByRole("searchbox", { name: "Search findings" }).fill("");
  const bar = page.getByRole("region", { name: "Selected findings" });
  await expect(bar).toContainText("1 selected");

  await page.getByRole("checkbox", { name: /^Select all 4/ }).check();
  await bar.getByRole("button", { name: "Restore…" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText("Route cart, Route catalog, Route inventory and Route orders");
  await dialog.getByRole("button", { name: "Restore 4" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("Nothing waits for a decision")).toBeVisible();
  await expect.poll(() => Promise.all(keys.map((key) => thirdParty.published(key)))).toEqual(before);

  const two = ["routes/cart", "routes/orders"] as const;
  await changeAll(two);
  for (const key of two) await page.getByRole("checkbox", { name: `Select ${key}` }).check();
  await bar.getByRole("button", { name: "Adopt…" }).click();
  await expect(dialog).toContainText("2 objects are saved as found, in one edit");
  await dialog.getByRole("button", { name: "Adopt 2" }).click();
  await expect(page.getByText("Nothing waits for a decision")).toBeVisible();
  const revisionOf = async (key: PolicyKey): Promise<number> => (await thirdParty.published(key)).revision;
  await expect.poll(async () => new Set(await Promise.all(two.map(revisionOf))).size).toBe(1);
  expect((await thirdParty.published("routes/orders")).spec).toMatchObject({ description: words });
});
