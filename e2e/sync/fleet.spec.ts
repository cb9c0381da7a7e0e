import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures/mesh-test.ts";
import { save } from "../fixtures/save-and-follow.ts";

/** What the list of states to pick from says. */
async function states(page: Page): Promise<string[]> {
  return page.getByRole("combobox", { name: "Which gateways" }).getByRole("option").allInnerTexts();
}

test("of many gateways those that are behind or refuse a document come first, are counted, and are found by search", async ({
  page,
  mesh,
}) => {
  const fleet = spawn(process.execPath, ["e2e/fixtures/made-up-fleet.ts", mesh.zookeeper, "40", "6", "2"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(fleet, "exit");
  try {
    await once(fleet.stdout, "data");
    await page.goto("/routes/cart");
    await page.getByLabel("Description").fill(`For a fleet at ${new Date().toISOString()}`);
    await save(page);
    const strip = page.getByRole("status", { name: "Delivery" });
    await expect(strip).toContainText("Applied on 33 of 41 gateways");
    await expect(strip).toContainText("edge-007 and edge-008 refused it");

    await page.goto("/sync");
    const verdict = page.getByRole("status", { name: "Verdict" });
    await expect(verdict).toContainText("1 document is refused by edge-007 and edge-008");
    await expect(verdict).toContainText("edge-001, edge-002 and 4 more are behind what is published");
    await expect(verdict).toContainText(/Since \d\d:\d\d:\d\d/);
    await expect(page.getByRole("table", { name: "Refused documents" }).getByRole("row")).toHaveCount(2);

    const gateways = page.getByRole("table", { name: "What each gateway has applied" });
    await expect(gateways.getByRole("row").nth(1)).toContainText(/edge-007.*Refuses 1/);
    await expect(gateways.getByRole("row").nth(3)).toContainText(/edge-001.*1 behind/);
    expect(await states(page)).toEqual(["All (41)", "Refusing a document (2)", "Behind (6)", "Up to date (33)"]);
    await page.getByRole("combobox", { name: "Which gateways" }).selectOption({ label: "Behind (6)" });
    await expect(gateways.getByRole("row")).toHaveCount(7);
    await page.getByRole("searchbox", { name: "Search gateways" }).fill("edge-04");
    await expect(page.getByText("No gateway matches “edge-04”")).toBeVisible();
  } finally {
    fleet.stdin.end();
    await ended;
  }
  await expect(page.getByRole("status", { name: "Verdict" })).toContainText("Everything saved is applied on gateway-1");
});
