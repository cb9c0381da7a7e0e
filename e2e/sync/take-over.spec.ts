import { AxeBuilder } from "@axe-core/playwright";
import { expect } from "../fixtures/mesh-test.ts";
import { steadyTraffic } from "../fixtures/steady-traffic.ts";
import { test } from "../fixtures/third-party.ts";

test("another database's policy halts publishing; a person keeps the database, and the mesh is ours again", async ({
  page,
  mesh,
  thirdParty,
}) => {
  const before = await thirdParty.published("routes/cart");
  const traffic = steadyTraffic(mesh);
  const foreign = await thirdParty.publishAsAnother("routes/left-by-another", before.spec);
  await page.goto("/routes");
  await page.getByRole("alert").filter({ hasText: "Publishing stands still" }).getByRole("link").click();

  await expect(page.getByRole("region", { name: "Publishing waits for your choice" })).toBeVisible();
  await page.getByRole("radio", { name: "Keep the database" }).check();
  const kept = page.locator("label").filter({ hasText: "Keep the database" });
  await expect(kept).toContainText("1 object removed from ZooKeeper");
  await expect(kept).toContainText("Route left-by-another");
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.target.join(" ") ?? ""}`)).toEqual([]);
  // Nothing is written before the confirmation.
  expect((await thirdParty.published("routes/cart")).incarnation).toBe(foreign);

  const publish = page.getByRole("button", { name: "Publish the database" });
  await expect(publish).toBeDisabled();
  await page.getByLabel("Type keep database to confirm").fill("keep database");
  await publish.click();

  await expect(page.getByRole("status", { name: "Verdict" })).toContainText("Everything saved is applied on gateway-1");
  await expect(page.getByRole("region", { name: "Publishing waits for your choice" })).toBeHidden();
  const now = await thirdParty.published("routes/cart");
  expect(now).toMatchObject({ incarnation: before.incarnation, spec: before.spec });
  expect((await thirdParty.published("routes/left-by-another")).spec).toBeNull();
  expect(await traffic.stop()).toEqual([]);
  await page.goto("/audit?action=mesh.take-over");
  await expect(page.getByRole("row", { name: /Ada Operator/ }).first()).toBeVisible();
});
