import { expect, test } from "../fixtures/mesh-test.ts";
import { saveAndFollow } from "../fixtures/save-and-follow.ts";

test("the log says who changed what, when, from what to what, and that nobody rewrote it", async ({ page }) => {
  await page.goto("/routes/cart");
  const words = `Reviewed at ${new Date().toISOString()}`;
  await page.getByLabel("Description").fill(words);
  await saveAndFollow(page);

  await page.goto("/audit");
  await page.getByRole("searchbox").fill("routes/cart");
  const entry = page.getByRole("row", { name: /Ada Operator/ }).first();
  await entry.getByRole("button").first().click();
  await expect(page.getByText(words)).toBeVisible();
  await expect(page.getByText(/description/i).first()).toBeVisible();
  await page.getByRole("button", { name: /verify/i }).click();
  await expect(page.getByText(/chain verified: \d+ entries/i)).toBeVisible();
});

test("a refused stale edit is in the log", async ({ page, request }) => {
  const found = await request.get(`/api/trpc/routes.get?input=${encodeURIComponent(JSON.stringify({ id: "orders" }))}`);
  const { result } = await found.json();
  const refused = await request.post("/api/trpc/routes.update", {
    data: {
      id: "orders",
      expectedVersion: result.data.version + 7,
      spec: { ...result.data.spec, description: "stale words" },
    },
  });
  expect(refused.status()).toBe(409);
  await page.goto("/audit");
  await page.getByRole("searchbox").fill("routes/orders");
  await expect(page.getByRole("row", { name: /refused/i }).first()).toBeVisible();
});
