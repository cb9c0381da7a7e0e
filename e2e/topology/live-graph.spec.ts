import { expect, livePicture, test } from "../fixtures/mesh-test.ts";

test("the shop is drawn from its live traffic, with rates that follow it", async ({ page, request }) => {
  await page.goto("/topology");
  for (const service of ["storefront", "catalog", "cart", "orders", "payments", "inventory"]) {
    await expect(page.getByRole("button", { name: new RegExp(`^${service}: `) })).toBeVisible();
  }
  const flowing = async (): Promise<string[]> =>
    (await livePicture(request)).topology.edges.filter((edge) => edge.requestsPerSecond > 0).map((edge) => edge.id);
  await expect
    .poll(flowing)
    .toEqual(expect.arrayContaining(["outside→service:storefront", "service:orders→service:inventory"]));
  // Traffic between services is known by who called, not by a guess.
  expect(await flowing()).not.toContain("outside→service:payments");
});

test("a service of the graph opens its panel, and the address keeps the choice", async ({ page }) => {
  await page.goto("/topology");
  await page.getByRole("button", { name: /^orders: / }).click();
  const panel = page.getByRole("complementary", { name: /orders/ });
  await expect(panel).toContainText(/requests/i);
  await page.reload();
  await expect(page.getByRole("complementary", { name: /orders/ })).toBeVisible();
});
