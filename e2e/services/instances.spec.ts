import { expect, test } from "../fixtures/mesh-test.ts";

test.afterEach(({ mesh }) => mesh.command("demo", "start"));

test("instances appear when they register and leave when they go", async ({ page, mesh }) => {
  await page.goto("/services/inventory");
  await expect(page.getByRole("row", { name: /inventory-v2-a/ })).toBeVisible();
  await mesh.command("demo", "stop");
  await expect(
    page.getByRole("table", { name: "Instances of inventory" }).getByRole("row", { name: /inventory-v2-a/ }),
  ).toBeHidden({ timeout: 60_000 });
  await expect(page.getByText(/left|departed/i).first()).toBeVisible();
  await mesh.command("demo", "start");
  await expect(
    page.getByRole("table", { name: "Instances of inventory" }).getByRole("row", { name: /inventory-v2-a/ }),
  ).toBeVisible({ timeout: 60_000 });
});
