import { fillInForce } from "../fixtures/force.ts";
import { expect, livePicture, test } from "../fixtures/mesh-test.ts";

test("an instance forced out by hand gets no calls, says so, and serves again when that is lifted", async ({
  page,
  request,
}) => {
  const rateOf = async (id: string): Promise<number> => {
    const inventory = (await livePicture(request)).services.find(({ name }) => name === "inventory");
    return inventory?.traffic.find(({ instance }) => instance === id)?.requestsPerSecond ?? 0;
  };
  await page.goto("/services/inventory");
  const row = page.getByRole("table", { name: "Instances of inventory" }).getByRole("row", { name: /inventory-v1-a/ });
  await expect(row).toContainText("Serving");
  await expect.poll(() => rateOf("inventory-v1-a")).toBeGreaterThan(0);

  await row.getByRole("button", { name: "Override inventory-v1-a" }).click();
  await page.getByRole("menuitem", { name: "Force out…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("region", { name: "What it affects now" })).toContainText("inventory-v1-b");
  await fillInForce(page, { word: "Force out", reason: "Its disk is dying", name: "inventory" });
  await expect(row).toContainText(/forced out by Ada Operator until .* at gateway-1/);
  await expect.poll(() => rateOf("inventory-v1-a"), { timeout: 30_000 }).toBe(0);
  expect(await rateOf("inventory-v1-b")).toBeGreaterThan(0);

  const banner = page.getByRole("region", { name: "What needs attention" });
  await expect(banner).toContainText("Forced out: instance inventory-v1-a of inventory");
  await row.getByRole("button", { name: "Override inventory-v1-a" }).click();
  await page.getByRole("menuitem", { name: "Back to automatic…" }).click();
  await dialog.getByRole("button", { name: "Back to automatic" }).click();
  await expect(row).toContainText("Serving");
  await expect(banner).not.toContainText("inventory-v1-a");
  await expect.poll(() => rateOf("inventory-v1-a")).toBeGreaterThan(0);
});

test("an instance that nobody knows is refused", async ({ page, mesh }) => {
  const answer = await page.request.post(`${mesh.console}/api/trpc/breakers.force`, {
    headers: { origin: mesh.console },
    data: {
      target: { kind: "instance", service: "inventory", instance: "inventory-v1-z" },
      mode: "forced-open",
      reason: "typed wrong",
      durationMs: 60_000,
      confirmed: true,
    },
  });
  expect(answer.status()).toBe(400);
  expect(await answer.text()).toContain("inventory has no instance inventory-v1-z.");
});
