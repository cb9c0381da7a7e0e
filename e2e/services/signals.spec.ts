import { readFile } from "node:fs/promises";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures/mesh-test.ts";

interface CsvRow {
  readonly atMs: number;
  readonly line: string;
  readonly perSecond: number;
}

/** What the button “CSV” saves. */
async function savedRows(page: Page): Promise<CsvRow[]> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "CSV" }).click(),
  ]);
  const text = await readFile(await download.path(), "utf8");
  const [head, ...rows] = text.trimEnd().split("\r\n");
  expect(head).toBe("time,line,requests_per_second,error_percent,p50_ms,p95_ms,p99_ms,in_flight,bytes_per_second");
  return rows.map((row) => {
    const [time = "", line = "", perSecond = ""] = row.split(",");
    return { atMs: Date.parse(time), line, perSecond: Number(perSecond) };
  });
}

/** Calls by one line: its rate times the length of its steps. */
function callsOf(rows: readonly CsvRow[], line: string): number {
  const own = rows.filter((row) => row.line === line);
  const steps = own.slice(1).map(({ atMs }, at) => atMs - (own[at]?.atMs ?? 0));
  const stepSeconds = Math.min(...steps) / 1000;
  return Math.round(own.reduce((sum, { perSecond }) => sum + perSecond, 0) * stepSeconds);
}

test("every call that somebody made stands in the signals under the caller's name", async ({ page, mesh }) => {
  // Nobody else in the shop calls from there to payments.
  const before = await openAndCount(page, "catalog");
  for (let made = 0; made < 40; made += 1) await mesh.callAs("catalog", "payments", "/charge");
  await expect.poll(async () => callsOf(await savedRows(page), "catalog"), { timeout: 60_000 }).toBe(before + 40);
});

async function openAndCount(page: Page, line: string): Promise<number> {
  await page.goto("/services/payments?by=caller&range=1h");
  await expect(page.getByRole("button", { name: "orders", pressed: true })).toBeVisible();
  return callsOf(await savedRows(page), line);
}

test("lines, range, table and zoom stand in the address and come back with it", async ({ page }) => {
  await page.goto("/services/payments");
  const signals = page.getByRole("region", { name: "Golden signals" });
  await expect(signals.getByRole("img", { name: /^Traffic of calls to payments, last 10 minutes/ })).toBeVisible();
  await signals.getByRole("combobox", { name: "Lines" }).selectOption({ label: "by instance" });
  await expect(page).toHaveURL(/by=instance/);
  const lines = signals.getByRole("group", { name: "Lines shown" });
  await lines.getByRole("button", { name: "payments-a" }).click();
  await expect(page).toHaveURL(/hide=payments-a/);
  await signals.getByRole("button", { name: "Show as a table" }).click();
  await page.reload();
  const table = signals.getByRole("table", { name: /^Golden signals of calls to payments/ });
  await expect(table.getByRole("row", { name: /payments-b/ }).first()).toBeVisible();
  await expect(table.getByRole("row", { name: /payments-a/ })).toHaveCount(0);
  await signals.getByRole("button", { name: "Show as charts" }).click();

  await signals.getByRole("button", { name: "1 h", exact: true }).click();
  await expect(page).toHaveURL(/range=1h/);
  await signals.getByRole("button", { name: "Zoom in" }).click();
  await expect(page).toHaveURL(/zoom=\d+-\d+/);
  await signals.getByRole("button", { name: "Back to live" }).click();
  await expect(page).not.toHaveURL(/zoom=/);
});

test("figures are read out by pointer and by keyboard, and a stretch drawn over a chart is zoomed into", async ({
  page,
}) => {
  await page.goto("/services/payments");
  const signals = page.getByRole("region", { name: "Golden signals" });
  const chart = signals.locator("[data-chart=traffic]");
  await expect(chart.getByRole("img", { name: /^Traffic of calls to payments/ })).toBeVisible();
  await chart.scrollIntoViewIfNeeded();
  const box = await chart.boundingBox();
  expect(box).not.toBeNull();
  const { x = 0, y = 0, width = 0 } = box ?? {};
  await page.mouse.move(x + width * 0.97, y + 60);
  await expect(chart).toContainText(/Requests[\d.]+\/s.*p99/);

  const slider = signals.getByRole("slider", { name: "Moment read out" });
  await slider.focus();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowLeft");
  await expect(slider).toHaveAttribute("aria-valuetext", /Requests [\d.]+\/s, Errors .*, p95 /);

  await page.mouse.move(x + width * 0.6, y + 60);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.9, y + 60, { steps: 4 });
  await page.mouse.up();
  await expect(page).toHaveURL(/zoom=\d+-\d+/);
  await expect(signals.getByRole("button", { name: "Back to live" })).toBeVisible();
});

test("a service that is not registered still has a page, and says what is not known", async ({ page }) => {
  await page.goto("/services/never-was");
  await expect(page.getByText("Not in the registry now")).toBeVisible();
  await expect(page.getByRole("region", { name: "Golden signals" })).toContainText("Nothing is on record");
  await expect(page.getByRole("region", { name: "Who calls it" })).toContainText("Nobody calls it");
});

test("a service's page has its neighbours, is free of axe violations, and fits a phone", async ({ page }) => {
  await page.goto("/services/orders?by=caller");
  const place = page.getByRole("region", { name: "Its place in the mesh" });
  await expect(
    place
      .getByRole("list", { name: "Called services" })
      .getByRole("link", { name: /payments/ })
      .first(),
  ).toHaveAttribute("href", /\/topology\?select=service%3Aorders/);
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.target.join(" ") ?? ""}`)).toEqual([]);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
  }
});
