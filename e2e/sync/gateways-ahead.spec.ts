import { AxeBuilder } from "@axe-core/playwright";
import { chooseSide, expectApplied } from "../fixtures/choose-side.ts";
import { expect } from "../fixtures/mesh-test.ts";
import { save } from "../fixtures/save-and-follow.ts";
import { steadyTraffic } from "../fixtures/steady-traffic.ts";
import { test } from "../fixtures/third-party.ts";

test("a gateway that holds more than the database halts publishing and is named; the mesh cannot be kept, and the database is published above it", async ({
  page,
  mesh,
  thirdParty,
}) => {
  const before = await thirdParty.published("routes/cart");
  const traffic = steadyTraffic(mesh);
  const { revision, withdraw } = await thirdParty.acknowledgeAhead("edge-berlin-2", 5);
  try {
    await page.goto("/routes/cart");
    await page.getByRole("alert").filter({ hasText: "Publishing stands still" }).getByRole("link").click();
    await expect(page.getByRole("region", { name: "Publishing waits for your choice" })).toBeVisible();
    await expect(page.getByText("Gateways are ahead of the database")).toBeVisible();
    const ahead = page.getByRole("table", { name: "Gateways ahead of the database" });
    await expect(ahead.getByRole("row", { name: /edge-berlin-2/ })).toContainText(
      new RegExp(`${revision.toString()}.*5.*it has left the registry`),
    );
    // Of a reason of several sentences only the first is the heading.
    await expect(page.getByRole("status", { name: "Verdict" }).getByText(/^Publishing stands still/)).toHaveText(
      `Publishing stands still: A gateway holds a later policy than the database: edge-berlin-2 (revision ${revision.toString()})`,
    );

    const words = `Saved while gateways are ahead, ${new Date().toISOString()}`;
    await page.goto("/routes/cart");
    await page.getByLabel("Description").fill(words);
    await save(page);
    await expect(page.getByRole("status", { name: "Delivery" })).toContainText("Publishing stands still");
    expect(await thirdParty.published("routes/cart")).toEqual(before);

    await page.goto("/sync?keep=mesh");
    await expect(page.getByText("The mesh cannot be kept")).toBeVisible();
    await expect(page.getByRole("radio", { name: "Keep the mesh" })).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Save what the mesh has" })).toHaveCount(0);
    await page.getByRole("radio", { name: "Keep the database" }).check();
    await expect(page.locator("label").filter({ hasText: "Keep the database" })).toContainText(
      `published anew, above revision ${revision.toString()}`,
    );
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.target.join(" ") ?? ""}`)).toEqual([]);
    await chooseSide(page, "database");
    await expectApplied(page);
    const now = await thirdParty.published("routes/cart");
    expect(now).toMatchObject({ incarnation: before.incarnation, spec: { description: words } });
    expect(now.revision).toBeGreaterThan(revision);
  } finally {
    await withdraw();
  }
  expect(await traffic.stop()).toEqual([]);
  await page.goto("/audit?action=mesh.take-over");
  await expect(page.getByRole("row", { name: /Ada Operator/ }).first()).toBeVisible();
});
