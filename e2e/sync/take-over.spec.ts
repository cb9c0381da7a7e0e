import { AxeBuilder } from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { chooseSide, expectApplied, waitsForChoice } from "../fixtures/choose-side.ts";
import { expect } from "../fixtures/mesh-test.ts";
import { deleteRoute } from "../fixtures/route-form.ts";
import { steadyTraffic } from "../fixtures/steady-traffic.ts";
import { test } from "../fixtures/third-party.ts";

/** The way on that keeps a side, with what it does to the other. */
const card = (page: Page, title: string): Locator => page.locator("label").filter({ hasText: title });

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

  await waitsForChoice(page);
  await page.getByRole("radio", { name: "Keep the database" }).check();
  const kept = card(page, "Keep the database");
  await expect(kept).toContainText("1 object removed from ZooKeeper");
  await expect(kept).toContainText("Route left-by-another");
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.target.join(" ") ?? ""}`)).toEqual([]);
  // Nothing is written before the confirmation.
  expect((await thirdParty.published("routes/cart")).incarnation).toBe(foreign);
  await chooseSide(page, "database");

  await expectApplied(page);
  const now = await thirdParty.published("routes/cart");
  expect(now).toMatchObject({ incarnation: before.incarnation, spec: before.spec });
  expect((await thirdParty.published("routes/left-by-another")).spec).toBeNull();
  expect(await traffic.stop()).toEqual([]);
  await page.goto("/audit?action=mesh.take-over");
  await expect(page.getByRole("row", { name: /Ada Operator/ }).first()).toBeVisible();
});

test("a choice made on an old picture changes nothing; looked at again, the mesh is kept and its routes are the database's", async ({
  page,
  mesh,
  thirdParty,
}) => {
  const { spec } = await thirdParty.published("routes/cart");
  const traffic = steadyTraffic(mesh);
  const foreign = await thirdParty.publishAsAnother("routes/kept-from-another", spec);
  await page.goto("/sync");
  await waitsForChoice(page);
  await page.getByRole("radio", { name: "Keep the mesh" }).check();
  await expect(card(page, "Keep the mesh")).toContainText("1 object added to the database");

  // Between the press and the console somebody else saves a route: it is not what the person looked at any more.
  await page.route(
    "**/api/trpc/sync.takeOver**",
    async (route) => {
      const saved = await page.request.post("/api/trpc/routes.create", { data: { id: "saved-meanwhile", spec } });
      expect(saved.status(), await saved.text()).toBe(200);
      await route.continue();
    },
    { times: 1 },
  );
  await chooseSide(page, "mesh");
  await expect(page.getByRole("alert").filter({ hasText: "Nothing was changed" })).toContainText(
    "One of the sides has changed since you looked",
  );
  expect((await thirdParty.published("routes/cart")).incarnation).toBe(foreign);
  await expect(card(page, "Keep the mesh")).toContainText("1 object removed from the database");
  await expect(card(page, "Keep the mesh")).toContainText("Route saved-meanwhile");
  await page.getByRole("combobox", { name: "Which differences" }).selectOption("Only in the database");
  await expect(page.getByRole("region", { name: /objects differ/ }).getByRole("listitem")).toHaveText(
    /saved-meanwhile/,
  );
  await expect(page.getByRole("button", { name: "Save what the mesh has" })).toBeDisabled();
  await chooseSide(page, "mesh");
  await expectApplied(page);

  await page.goto("/routes");
  const routes = page.getByRole("table", { name: "Routes" });
  await expect(routes.getByRole("row", { name: /kept-from-another/ })).toContainText("Applied 1/1");
  await expect(routes.getByRole("row", { name: /saved-meanwhile/ })).toBeHidden();
  expect(await traffic.stop()).toEqual([]);
  await page.goto("/audit?q=routes/kept-from-another");
  const entries = page.getByRole("row").filter({ hasText: "Ada Operator" });
  await expect(entries.filter({ hasText: "keeping the mesh's side" }).first()).toBeVisible();
  await deleteRoute(page, "kept-from-another");
});
