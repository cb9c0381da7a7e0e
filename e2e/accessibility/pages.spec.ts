import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "../fixtures/mesh-test.ts";

const PAGES = [
  "/overview",
  "/topology",
  "/services",
  "/services/inventory",
  "/services/payments?by=instance&signals=table",
  "/instances",
  "/routes",
  "/routes/new",
  "/routes/shop",
  "/simulator",
  "/simulator?host=shop.localhost&target=/browse",
  "/breakers",
  "/breakers?view=table",
  `/breakers/${encodeURIComponent("payments->payments")}`,
  "/audit",
  "/gateways",
  "/sync",
  "/settings/health",
];

for (const scheme of ["light", "dark"] as const) {
  test(`every page is free of axe violations in ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    for (const path of PAGES) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      // The name of a box in the graph is a sentence of its figures; what stands in it is those figures without words.
      const { violations } = await new AxeBuilder({ page }).disableRules("label-content-name-mismatch").analyze();
      expect(
        violations.map((violation) => `${path}: ${violation.id} ${violation.nodes[0]?.target.join(" ") ?? ""}`),
      ).toEqual([]);
    }
  });
}

test("a route's form is free of axe violations with every section open, on a phone too", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.goto("/routes/inventory");
    await expect(page.getByRole("heading", { name: "Faults" })).toBeVisible();
    for (const section of await page.locator("summary").all()) await section.click();
    for (const part of [/other origins/, /copies to/, /trouble on purpose/])
      await page.getByRole("switch", { name: part }).click();
    await page.getByRole("switch", { name: /^Delay/ }).click();
    await page.getByRole("switch", { name: /^Abort/ }).click();
    await page.getByRole("button", { name: "Add limit" }).click();
    await page.getByRole("button", { name: "Set a request header" }).click();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map((violation) => `${violation.id} ${violation.nodes[0]?.target.join(" ") ?? ""}`)).toEqual([]);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
  }
});

test("no page scrolls sideways on a phone", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of PAGES) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, path).toBeLessThanOrEqual(0);
  }
});
