import type { APIRequestContext, Page } from "@playwright/test";
import { expect, livePicture, test } from "../fixtures/mesh-test.ts";
import { openSection } from "../fixtures/route-form.ts";

/** Requests per second that one instance of the catalogue answers. */
async function rateOf(request: APIRequestContext, instance: string): Promise<number> {
  const { services } = await livePicture(request);
  const traffic = services.find(({ name }) => name === "catalog")?.traffic ?? [];
  return traffic.find((one) => one.instance === instance)?.requestsPerSecond ?? 0;
}

async function confirm(page: Page, action: string, button: string): Promise<void> {
  await page.getByRole("button", { name: `${action} catalog-b…` }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: button }).click();
  await expect(page.getByRole("alertdialog")).toBeHidden();
}

test("a drained instance gets no new requests, and does again afterwards", async ({ page, request }) => {
  await page.goto("/services/catalog");
  await expect.poll(() => rateOf(request, "catalog-b"), { timeout: 60_000 }).toBeGreaterThan(0);
  await confirm(page, "Drain", "Drain");
  await expect(page.getByRole("row", { name: /catalog-b/ })).toContainText("Drained");
  await expect.poll(() => rateOf(request, "catalog-b"), { timeout: 60_000 }).toBe(0);
  expect(await rateOf(request, "catalog-a")).toBeGreaterThan(0);

  await confirm(page, "Undrain", "Send requests again");
  await expect(page.getByRole("row", { name: /catalog-b/ })).toContainText("Serving");
  await expect.poll(() => rateOf(request, "catalog-b"), { timeout: 60_000 }).toBeGreaterThan(0);
});

test("the last instance of a version is not drained without saying that one knows", async ({ page }) => {
  await page.goto("/services/inventory");
  await page.getByRole("button", { name: "Drain inventory-v2-a…" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog.getByRole("alert")).toContainText("inventory version=2");
  await expect(dialog.getByRole("button", { name: "Drain" })).toBeDisabled();
  await dialog.getByLabel(/I know/).check();
  await expect(dialog.getByRole("button", { name: "Drain" })).toBeEnabled();
  await dialog.getByRole("button", { name: "Cancel" }).click();
});

test("a policy is saved, followed to the gateway and removed; a drain meanwhile is no conflict", async ({ page }) => {
  await page.goto("/services/catalog");
  const policy = page.getByRole("region", { name: "How instances are chosen" });
  await policy.getByLabel("Algorithm").selectOption("hash");
  await policy.getByLabel("Key", { exact: true }).selectOption("cookie");
  await policy.getByLabel("Name for key").fill("session");
  await openSection(page, "Health check");
  await policy.getByRole("switch", { name: /Ask instances/ }).click();
  await policy.getByRole("button", { name: "Save policy" }).click();
  await expect(policy.getByText(/applied on 1 of 1/i)).toBeVisible({ timeout: 60_000 });

  await policy.getByLabel("Slow start", { exact: true }).fill("5");
  await policy.getByLabel("Unit of slow start").selectOption("s");
  await page
    .getByRole("button", { name: /^Weight of .*Change…$/ })
    .first()
    .click();
  await page.getByRole("alertdialog").getByLabel("Weight").fill("50");
  await page.getByRole("button", { name: "Save weight" }).click();
  await expect(page.getByRole("alertdialog")).toBeHidden();
  await policy.getByRole("button", { name: "Save policy" }).click();
  await expect(policy.getByText("Not saved yet")).toBeHidden();
  await page.reload();
  await expect(policy.getByLabel("Slow start", { exact: true })).toHaveValue("5");
  await expect(page.getByRole("button", { name: /^Weight of .*: 50\. Change…$/ })).toBeVisible();

  await policy.getByRole("button", { name: "Remove policy…" }).click();
  await page.getByRole("button", { name: "Remove policy", exact: true }).click();
  await expect(policy.getByText("the defaults; no policy is saved")).toBeVisible();
});
