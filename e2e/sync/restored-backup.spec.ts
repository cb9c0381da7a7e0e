import type { Page } from "@playwright/test";
import { takeBackup, type Backup } from "../fixtures/backup.ts";
import { chooseSide, expectApplied, waitsForChoice } from "../fixtures/choose-side.ts";
import { expect } from "../fixtures/mesh-test.ts";
import { saveAndFollow } from "../fixtures/save-and-follow.ts";
import { steadyTraffic } from "../fixtures/steady-traffic.ts";
import { test } from "../fixtures/third-party.ts";

async function describe(page: Page, words: string): Promise<void> {
  await page.goto("/routes/cart");
  await page.getByLabel("Description").fill(words);
  await saveAndFollow(page);
}

async function expectDescription(page: Page, words: string): Promise<void> {
  await page.goto("/routes/cart");
  await expect(page.getByLabel("Description")).toHaveValue(words);
  await expect(page.getByText(/applied on 1 of 1/i)).toBeVisible({ timeout: 60_000 });
}

/** Puts the backup in place. A restore is noticed within a minute, or when a person has everything compared. */
async function restoredAndCompared(page: Page, backup: Backup): Promise<void> {
  await backup.restore();
  await page.goto("/sync");
  await page.getByRole("button", { name: "Compare everything now" }).click();
  await waitsForChoice(page);
}

test("a restored backup is behind the mesh: publishing waits; kept, the database undoes what it lacks, and the mesh brings it back", async ({
  page,
  mesh,
  thirdParty,
}) => {
  test.setTimeout(180_000);
  await describe(page, "Before the backup");
  const backup = await takeBackup(mesh);
  const traffic = steadyTraffic(mesh);

  await describe(page, "Undone by the backup");
  await restoredAndCompared(page, backup);
  await expect(page.getByText("ZooKeeper is ahead of the database")).toBeVisible();
  await page.getByRole("radio", { name: "Keep the database" }).check();
  const differences = page.getByRole("region", { name: "1 object differs" });
  await differences.getByText("Route cart").click();
  await expect(differences.getByRole("row", { name: /description/ })).toContainText("Undone by the backup");
  await expect(page.locator("label").filter({ hasText: "Keep the database" })).toContainText(
    "1 object of ZooKeeper replaced",
  );
  expect((await thirdParty.published("routes/cart")).spec).toMatchObject({ description: "Undone by the backup" });
  await chooseSide(page, "database");
  await expectApplied(page);
  await expectDescription(page, "Before the backup");

  await describe(page, "Brought back from the mesh");
  await restoredAndCompared(page, backup);
  await page.getByRole("radio", { name: "Keep the mesh" }).check();
  await chooseSide(page, "mesh");
  await expectApplied(page);
  await expectDescription(page, "Brought back from the mesh");
  expect((await thirdParty.published("routes/cart")).spec).toMatchObject({ description: "Brought back from the mesh" });
  // Edits go on from there, and gateways served all the while.
  await describe(page, "Edited after the choice");
  expect(await traffic.stop()).toEqual([]);
});
