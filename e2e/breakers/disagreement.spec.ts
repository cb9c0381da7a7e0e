import { expect, test } from "../fixtures/mesh-test.ts";

test.beforeEach(({ mesh }) => mesh.command("gateway-2", "start"));
test.afterEach(({ mesh }) => mesh.command("gateway-2", "stop"));

test("a breaker that is open on one of two gateways is seen, said and found; a gateway that stops is shown as last seen, then leaves", async ({
  page,
  mesh,
}) => {
  test.setTimeout(240_000);
  await page.goto("/breakers");
  const tile = page.getByRole("article", { name: "Breaker payments->payments-backup", exact: true });
  await expect(tile.getByRole("img", { name: "gateway-1: closed; gateway-2: closed" })).toBeVisible();

  await tile.getByRole("button", { name: /force open/i }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("Only the second gateway");
  await dialog.getByLabel("Where").selectOption("gateway-2");
  await dialog.getByLabel(/to confirm$/).fill("payments->payments-backup");
  await dialog.getByRole("button", { name: /^force open$/i }).click();

  await expect(tile).toContainText("Forced open on 1 of 2 gateways");
  await expect(tile).toContainText("Gateways disagree: forced open on gateway-2; closed on gateway-1");
  await expect(tile.getByRole("img", { name: "gateway-1: closed; gateway-2: forced open" })).toBeVisible();

  await page.getByRole("group", { name: "Show" }).getByRole("button", { name: "Gateways disagree" }).click();
  await expect(page).toHaveURL(/show=disputed/);
  await expect(page.getByRole("article", { name: /^Breaker / })).toHaveCount(1);
  await expect(page.getByText(/1 where gateways disagree/)).toBeVisible();
  await page.reload();
  await expect(tile).toBeVisible();

  await mesh.command("gateway-2", "stop");
  await expect(tile).toContainText(/gateway-2 silent for \d+\ss: as last seen there/);
  await expect(
    tile.getByRole("img", { name: "gateway-1: closed; gateway-2: forced open when last seen" }),
  ).toBeVisible();
  await expect(page.getByText("No breaker matches")).toBeVisible({ timeout: 120_000 });

  await page.getByRole("group", { name: "Show" }).getByRole("button", { name: "All" }).click();
  await tile.getByRole("button", { name: /back to automatic/i }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /back to automatic/i })
    .click();
  await expect(tile).not.toContainText(/Only the second gateway/);
});
