import { expect, test } from "../fixtures/mesh-test.ts";

test.afterEach(({ mesh }) => mesh.demo("heal"));

test("payments break, the breaker opens, the backup serves, they heal, it closes", async ({ page, mesh }) => {
  const tile = page.getByRole("article", { name: "Breaker payments->payments", exact: true });
  await page.goto("/breakers");
  await expect(tile).toContainText(/closed/i);

  await mesh.demo("break", "payments");
  await expect(tile).toContainText(/\bopen\b/i, { timeout: 60_000 });
  await expect
    .poll(async () => (await mesh.callAs("orders", "payments", "/charge")).headers["x-mesh-fallback"] ?? "")
    .toContain("payments-backup");
  const served = await mesh.callAs("orders", "payments", "/charge");
  expect(served.status).toBe(200);
  expect(served.headers["x-mesh-service"]).toBe("payments-backup");
  await page.goto("/topology");
  await expect(page.getByRole("row", { name: /^payments .*open/i })).toBeVisible();

  await mesh.demo("heal");
  await page.goto("/breakers");
  await expect(tile).toContainText(/closed/i, { timeout: 60_000 });
  await expect
    .poll(async () => (await mesh.callAs("orders", "payments", "/charge")).headers["x-mesh-service"])
    .toBe("payments");

  await page.goto("/audit");
  await page.getByRole("searchbox").fill("payments");
  await expect(page.getByRole("row", { name: /gateway-1.*(open)/i }).first()).toBeVisible();
});
