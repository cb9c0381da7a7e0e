import { expect, test } from "../fixtures/mesh-test.ts";
import { saveAndFollow } from "../fixtures/save-and-follow.ts";

test("an edit says how long it took to be published and applied, on its page and on the Sync page", async ({
  page,
}) => {
  await page.goto("/routes/cart");
  const words = `Timed at ${new Date().toISOString()}`;
  await page.getByLabel("Description").fill(words);
  await saveAndFollow(page);
  const strip = page.getByRole("status", { name: "Delivery" });
  await expect(strip).toContainText(/Published, [\d.]+\s(ms|s) after saving/);
  await expect(strip).toContainText(/Applied on 1 of 1 gateways, [\d.]+\s(ms|s) after saving/);
  const revision = /Saved as revision (\d+)/.exec(await strip.innerText())?.[1] ?? "";

  await page.getByText("Each gateway", { exact: true }).click();
  const gateways = page.getByRole("table", { name: "This edit at each gateway" });
  await expect(gateways.getByRole("row", { name: /gateway-1 applied/ })).toContainText(/\+[\d.]+\s(ms|s)/);

  await page.goto("/sync");
  await expect(page.getByRole("status", { name: "Verdict" })).toContainText("Everything saved is applied on gateway-1");
  const edit = page
    .getByRole("table", { name: "Latest edits" })
    .getByRole("row", { name: new RegExp(`^${revision} `) });
  await expect(edit).toContainText("Ada Operator");
  await expect(edit).toContainText(/gateway-1 [\d.]+\s(ms|s)/);
  await page.getByRole("searchbox", { name: "Search edits" }).fill("no such edit");
  await expect(page.getByText("No edit matches")).toBeVisible();
});

test("a person may have everything compared, and sees that it was", async ({ page }) => {
  await page.goto("/sync");
  const figures = page.getByRole("region", { name: "Figures" });
  await expect(figures.getByText(/\d+ documents in/)).toBeVisible({ timeout: 90_000 });
  const comparedAt = async (): Promise<string> => /at (\d\d:\d\d:\d\d)/.exec(await figures.innerText())?.[1] ?? "";
  const before = await comparedAt();
  await page.getByRole("button", { name: "Compare everything now" }).click();
  // It would be compared by itself before long, too.
  await expect(page.getByText("Everything is being compared.")).toBeVisible();
  await expect.poll(comparedAt).not.toBe(before);
  await expect(figures).toContainText("0 writes");
});
