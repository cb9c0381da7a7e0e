import { expect, test } from "../fixtures/mesh-test.ts";

test("a breaker forced open by hand refuses, is marked everywhere, and returns to automatic", async ({
  page,
  mesh,
}) => {
  await page.goto("/breakers");
  const tile = page.getByRole("article", { name: "Breaker inventory->inventory", exact: true });
  await tile.getByRole("button", { name: /force open/i }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: /^force open$/i }).click();
  await expect(dialog.getByText(/say why/i)).toBeVisible();
  await dialog.getByLabel("Reason").fill("Moving the stock database");
  await dialog.getByRole("button", { name: /^force open$/i }).click();

  await expect(tile).toContainText(/forced open/i);
  await expect(tile).toContainText("Moving the stock database");
  await expect.poll(async () => (await mesh.callAs("orders", "inventory", "/stock/1")).status).toBe(503);
  const refused = await mesh.callAs("orders", "inventory", "/stock/1");
  expect(JSON.parse(refused.body)).toMatchObject({ code: "BREAKER_FORCED_OPEN" });
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);

  await tile.getByRole("button", { name: /back to automatic/i }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /back to automatic/i })
    .click();
  await expect(tile).not.toContainText(/forced open/i);
  await expect.poll(async () => (await mesh.callAs("orders", "inventory", "/stock/1")).status).toBe(200);

  await page.goto("/audit");
  await page.getByRole("searchbox").fill("inventory->inventory");
  await expect(page.getByRole("row", { name: /Ada Operator.*forced open/i }).first()).toBeVisible();
});
