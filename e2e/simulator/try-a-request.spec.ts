import { expect, test } from "../fixtures/mesh-test.ts";
import { sendTo, startRoute } from "../fixtures/route-form.ts";

test("a request's address can be shared: it shows who takes it, and why nobody else does", async ({ page, mesh }) => {
  await page.goto("/simulator");
  await expect(page.getByText("Which route takes a request?")).toBeVisible();
  await page.getByLabel("Host").fill("shop.localhost");
  await page.getByLabel("Path and query").fill("/browse?page=2");
  await expect(page.getByRole("status").filter({ hasText: "shop takes it" })).toBeVisible();

  await page.reload();
  await expect(page.getByLabel("Path and query")).toHaveValue("/browse?page=2");
  await expect(page.getByRole("status").filter({ hasText: "shop takes it" })).toBeVisible();
  await page.getByRole("button", { name: "All", exact: true }).click();
  await expect(page.getByRole("row", { name: /inventory\.mesh/ })).toContainText("Not offered on edge listeners");
  expect((await mesh.callEdge("/browse?page=2")).headers["x-mesh-route"]).toBe("shop");

  await page.getByLabel("Path and query").fill("/a%00b");
  await expect(page.getByText("Refused with 400")).toBeVisible();
  expect((await mesh.callEdge("/a%00b")).status).toBe(400);
});

test("a draft that another route hides is told so before it is saved", async ({ page }) => {
  await startRoute(page, "hidden-trial");
  await sendTo(page, "storefront");
  await page.getByRole("button", { name: "Try a request…" }).click();
  const dialog = page.getByRole("dialog", { name: "Try a request against this draft" });
  await expect(dialog.getByRole("status").filter({ hasText: "shop takes it" })).toBeVisible();
  await expect(dialog.getByRole("row", { name: /hidden-trial \(this draft\)/ })).toContainText("shop comes first");
  await dialog.getByRole("button", { name: "Close" }).click();

  await page.getByLabel("Value of path of match 1").fill("/browse");
  await page.getByRole("button", { name: "Try a request…" }).click();
  await expect(dialog.getByRole("status").filter({ hasText: "hidden-trial (this draft) takes it" })).toBeVisible();
});
