import { AxeBuilder } from "@axe-core/playwright";
import { fillInForce } from "../fixtures/force.ts";
import { expect, test } from "../fixtures/mesh-test.ts";

test.afterEach(({ mesh }) => mesh.demo("heal"));

test("payments break: the overview says so before everything else, with the cause; they heal, and it resolves", async ({
  page,
  mesh,
}) => {
  await page.goto("/overview");
  const verdict = page.getByRole("region", { name: "Verdict" });
  await expect(verdict).toBeVisible();
  await expect(page.getByRole("region", { name: "The mesh" })).toContainText(/Requests\s*[\d.,]+\/s/);

  await mesh.demo("break", "payments");
  const wrong = page.getByRole("region", { name: "Wrong now" });
  const worst = wrong.getByRole("article").first();
  await expect(worst).toHaveAccessibleName(/payments: its breaker is open/, { timeout: 60_000 });
  await expect(worst).toContainText(/\d+ % of \d+ calls failed/);
  await expect(worst).toContainText(/since \d\d:\d\d:\d\d/);
  await expect(worst).toContainText(/from .*orders.*answered by a fallback/);
  await expect(worst.getByRole("link", { name: /See the breaker/ })).toHaveAttribute("href", /\/breakers\/payments/);
  await expect(verdict.getByRole("status")).toContainText("payments: its breaker is open");
  // What calls payments is not a second trouble: its backup answers.
  await expect(wrong.getByRole("article", { name: /^Wrong: orders/ })).toHaveCount(0);

  const changes = page.getByRole("region", { name: "What changed lately" });
  await expect(
    changes
      .getByRole("listitem")
      .filter({ hasText: /payments.*open/i })
      .first(),
  ).toBeVisible();
  await expect(changes.getByRole("link", { name: "Show the mesh at this moment" }).first()).toHaveAttribute(
    "href",
    /^\/topology\?at=20\d\d-/,
  );
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.target.join(" ") ?? ""}`)).toEqual([]);

  await mesh.demo("heal");
  await expect(page.getByRole("list", { name: "Just resolved" })).toContainText(/payments: its breaker/, {
    timeout: 90_000,
  });
  await expect(wrong.getByRole("article", { name: /payments: its breaker/ })).toHaveCount(0);
});

test("an override is listed with the time left, and lifted there", async ({ page }) => {
  await page.goto("/services/catalog");
  await page.getByRole("button", { name: "Override catalog->catalog" }).click();
  await page.getByRole("menuitem", { name: "Force closed…" }).click();
  const reason = "while the overview is looked at";
  await fillInForce(page, { word: "Force closed", reason, name: "catalog->catalog" });

  await page.goto("/overview");
  const overrides = page.getByRole("region", { name: "Overrides in force" });
  await expect(overrides.getByRole("listitem")).toContainText(/catalog.*until .* left/s);
  // The page tells of it itself: no banner says it twice.
  await expect(page.getByRole("region", { name: "What needs attention" })).not.toContainText("Forced closed");
  await overrides.getByRole("button", { name: /Back to automatic/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Back to automatic" }).click();
  await expect(overrides).toContainText("Nobody holds anything by hand.");
});

test("the overview fits a phone, and changes can be narrowed by kind", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/overview");
  const changes = page.getByRole("region", { name: "What changed lately" });
  await changes.getByRole("group", { name: "Kind" }).getByRole("button").first().click();
  await expect(page).toHaveURL(/kind=/);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);
});
