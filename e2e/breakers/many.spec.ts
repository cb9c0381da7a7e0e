import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { expect, test } from "../fixtures/mesh-test.ts";

/** Breakers of the made-up gateways, beside the shop's own. */
const MANY = 500;
let gateways: ChildProcess | undefined;

test.beforeAll(async ({ mesh }) => {
  gateways = spawn(process.execPath, ["e2e/fixtures/made-up-gateways.ts", mesh.zookeeper, String(MANY)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const child = gateways;
  await new Promise<void>((resolve, reject) => {
    child.once("exit", () => reject(new Error("The made-up gateways did not start.")));
    if (child.stdout !== null) createInterface({ input: child.stdout }).once("line", () => resolve());
  });
});

test.afterAll(async () => {
  const child = gateways;
  if (child === undefined || child.exitCode !== null) return;
  await new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.stdin?.end();
  });
});

test("five hundred breakers can be searched, filtered, sorted, grouped and read as a table", async ({ page }) => {
  await page.goto("/breakers?q=route-");
  const tiles = page.getByRole("article", { name: /^Breaker route-/ });
  await expect(tiles).toHaveCount(MANY);
  await expect(tiles.first()).toContainText(/^.*open/i);

  await page.getByLabel("Sort by").selectOption("Offered calls");
  await expect(tiles.first()).toHaveAccessibleName("Breaker route-0000->cart-0");
  await page.getByRole("group", { name: "Show" }).getByRole("button", { name: "Gateways disagree" }).click();
  await expect(tiles).toHaveCount(5);
  await expect(tiles.first()).toContainText("Open on 1 of 2 gateways");
  await expect(tiles.first()).toContainText("Gateways disagree: open on made-up-2; closed on made-up-1");

  await page.getByRole("group", { name: "Show" }).getByRole("button", { name: "All" }).click();
  await page.getByLabel("Group by").selectOption("Group");
  const payments = page.getByRole("region", { name: "payments" });
  await expect(payments.getByRole("article")).toHaveCount(62);

  await page.getByRole("group", { name: "View" }).getByRole("button", { name: "Table" }).click();
  await page.getByLabel("Group by").selectOption("No groups");
  const table = page.getByRole("table", { name: "Breakers", exact: true });
  await expect(table.getByRole("row")).toHaveCount(MANY + 1);
  await table.getByRole("button", { name: "Breaker" }).click();
  await expect(table.getByRole("row").nth(1)).toContainText("route-0000->cart-0");
  await table.getByRole("button", { name: "Breaker" }).click();
  await expect(table.getByRole("row").nth(1)).toContainText("route-0499->");
  await expect(page).toHaveURL(/view=table/);

  await page.getByRole("searchbox", { name: "Search breakers" }).fill("route-0003");
  await expect(table.getByRole("row")).toHaveCount(2);
  await expect(table).toContainText("61 % of 214 calls failed");
});
