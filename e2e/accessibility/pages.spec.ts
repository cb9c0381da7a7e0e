import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "../fixtures/mesh-test.ts";

const PAGES = [
  "/topology",
  "/services",
  "/services/inventory",
  "/routes",
  "/routes/new",
  "/routes/shop",
  "/breakers",
  "/audit",
  "/gateways",
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
