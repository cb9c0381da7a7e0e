import { AxeBuilder } from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { expect, livePicture, test } from "../fixtures/mesh-test.ts";

const SHOP = ["storefront", "catalog", "cart", "orders", "payments", "inventory"];

/** Row of the tree grid: the graph's accessible structure, beside the drawing as in the table. */
function rowOf(page: Page, name: string): Locator {
  return page.getByRole("treegrid").getByRole("row", { name: new RegExp(`^${name} `) });
}

test("the shop is drawn from its live traffic, with rates that follow it", async ({ page, request }) => {
  await page.goto("/topology");
  for (const service of SHOP) await expect(rowOf(page, service).first()).toBeVisible();
  const flowing = async (): Promise<string[]> =>
    (await livePicture(request)).topology.edges.filter((edge) => edge.requestsPerSecond > 0).map((edge) => edge.id);
  await expect
    .poll(flowing)
    .toEqual(expect.arrayContaining(["outside→service:storefront", "service:orders→service:inventory"]));
  // Traffic between services is known by who called, not by a guess.
  expect(await flowing()).not.toContain("outside→service:payments");
});

test("the tree grid is walked by keyboard: along calls, into versions, and to the side panel", async ({ page }) => {
  await page.goto("/topology");
  await rowOf(page, "orders").first().focus();
  await page.keyboard.press("ArrowRight");
  await expect(rowOf(page, "orders").first()).toHaveAttribute("aria-expanded", "true");
  const call = page.getByRole("row", { name: /^calls inventory / });
  await call.focus();
  await page.keyboard.press("ArrowRight");
  await expect(rowOf(page, "inventory").first()).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(rowOf(page, "inventory").first()).toHaveAttribute("aria-selected", "true");
  const panel = page.getByRole("complementary", { name: /inventory/ });
  await expect(panel).toContainText(/requests/i);
  await expect(panel.getByRole("button", { name: /^Drain / }).first()).toBeEnabled();
  await page.reload();
  await expect(page.getByRole("complementary", { name: /inventory/ })).toBeVisible();
});

test("what is found and hidden stands in the address, and a mistake is said at its place", async ({ page }) => {
  await page.goto("/topology?view=table");
  const find = page.getByRole("combobox", { name: "Find" });
  await find.pressSequentially("service = pay");
  await expect(page.getByRole("option", { name: /^payments/ }).first()).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(find).toHaveValue(/^service = payments? ?/);
  await expect(rowOf(page, "payments").first()).toBeVisible();
  await expect(rowOf(page, "catalog")).toHaveCount(0);
  await find.fill("error >");
  await page.keyboard.press("Escape");
  await expect(page.getByText(/Expected a share such as 1%/)).toBeVisible();
  await find.fill("");
  await page.getByRole("combobox", { name: "Hide" }).fill("service = catalog");
  await expect(rowOf(page, "catalog")).toHaveCount(0);
  await expect(rowOf(page, "cart").first()).toBeVisible();
  await page.reload();
  await expect(page.getByRole("combobox", { name: "Hide" })).toHaveValue("service = catalog");
  await expect(rowOf(page, "catalog")).toHaveCount(0);
});

test("a view is saved, opened by its address, changed and deleted", async ({ page }) => {
  await page.goto("/topology?gateways=on&labels=p99,share");
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("button", { name: "Save as new…" }).click();
  await page.getByLabel("Name").fill("Through gateways");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page).toHaveURL(/saved=/);
  const id = new URL(page.url()).searchParams.get("saved") ?? "";

  await page.goto(`/topology?saved=${id}`);
  await expect(page).toHaveURL(/labels=p99%2Cshare/);
  await expect(rowOf(page, "gateway-1").first()).toBeVisible();
  const menu = page.getByRole("button", { name: /Through gateways/ }).first();
  await page.getByRole("combobox", { name: "Hide" }).fill("idle");
  await expect(menu).toContainText("(changed)");
  await menu.click();
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(menu).not.toContainText("(changed)");

  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("button", { name: "Views" })).toBeVisible();
  await page.goto(`/topology?saved=${id}`);
  await expect(page.getByText(/deleted, or is not shared with you/)).toBeVisible();
});

test("graph and table have no axe violation with everything open, on a phone too", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    for (const path of ["/topology?select=service%3Ainventory", "/topology?view=table&select=service%3Ainventory"]) {
      await page.goto(path);
      await expect(page.getByRole("complementary", { name: /inventory/ })).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map((violation) => `${violation.id} ${violation.nodes[0]?.target.join(" ") ?? ""}`)).toEqual(
        [],
      );
    }
  }
});
