import { AxeBuilder } from "@axe-core/playwright";
import type { APIRequestContext } from "@playwright/test";
import { DEFAULT_HEALTH_POLICY, HealthPolicySpec } from "#domain/health-policy.ts";
import { expect, livePicture, test } from "../fixtures/mesh-test.ts";

const nodeOf = async (request: APIRequestContext, service: string) => {
  const { topology } = await livePicture(request);
  return topology.nodes.find(({ id }) => id === `service:${service}`);
};

/** Saves by the API, from whatever version stands. */
async function saveThresholds(request: APIRequestContext, spec: HealthPolicySpec): Promise<void> {
  const { healthVersion: expectedVersion } = await livePicture(request);
  const answer = await request.post("/api/trpc/health.save", { data: { expectedVersion, spec } });
  expect(answer.status(), await answer.text()).toBe(200);
  await expect.poll(async () => (await livePicture(request)).healthVersion).toBe(expectedVersion + 1);
}

test.afterEach(async ({ request }) => {
  await saveThresholds(request, DEFAULT_HEALTH_POLICY);
});

test("an override is tried out, saved, and judged by; somebody else's edit in between is announced", async ({
  page,
  request,
}) => {
  await expect
    .poll(async () => (await nodeOf(request, "inventory"))?.requestsPerSecond ?? 0, { timeout: 60_000 })
    .toBeGreaterThan(1);
  await page.goto("/settings/health?q=inventory");
  await page.getByRole("button", { name: "Add one for inventory" }).click();
  const override = page.getByRole("group", { name: "Override of inventory" });
  await expect(override).toContainText("Fits inventory.");
  await override.getByLabel("p95 degraded, ms").fill("1");
  const preview = page.getByRole("region", { name: "With these thresholds now" });
  await expect(preview.getByRole("list", { name: "Judged otherwise" })).toContainText("is over 1 ms (inventory).");
  await page.getByRole("button", { name: "Save thresholds" }).click();
  await expect(page.getByText(/^Version \d+, saved by/)).toBeVisible();
  await expect
    .poll(async () => (await nodeOf(request, "inventory"))?.healthReason, { timeout: 20_000 })
    .toMatch(/^p95 .* is over 1 ms \(inventory\)\.$/);
  await page.goto("/audit");
  await expect(page.getByText("Saved the thresholds of health, one override").first()).toBeVisible();

  await page.goto("/settings/health");
  await page.getByLabel("Judge from, calls").fill("7");
  await saveThresholds(
    request,
    HealthPolicySpec.parse({ thresholds: { ...DEFAULT_HEALTH_POLICY.thresholds, minRequests: 9 } }),
  );
  await expect(page.getByText(/Somebody else has changed this set of thresholds/)).toBeVisible();
  await page.getByRole("button", { name: "Load theirs" }).click();
  await expect(page.getByLabel("Judge from, calls")).toHaveValue("9");
});

test("what cannot be saved is said at its field, and led to", async ({ page }) => {
  await page.goto("/settings/health");
  await page.getByLabel("Errors: failing from, %").fill("1");
  await page.getByRole("button", { name: "Save thresholds" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "One field needs" })).toContainText(
    "Errors: failing from, %: Less than degraded (2 %)",
  );
  await expect(page.getByRole("region", { name: "With these thresholds now" })).toContainText("Shown once every field");
  await page.getByRole("button", { name: "Reset to defaults" }).click();
  await expect(page.getByLabel("Errors: failing from, %")).toHaveValue("50");
});

for (const scheme of ["light", "dark"] as const) {
  test(`the page is free of axe violations, and fits a phone, in ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto("/settings/health");
      await page.getByRole("button", { name: "Add override" }).click();
      await page.getByLabel("Service or pattern").fill("pay*");
      await page.getByLabel("p95 degraded, ms of pay*").fill("1");
      await expect(page.getByRole("list", { name: "Services by health" })).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.target.join(" ") ?? ""}`)).toEqual([]);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBeLessThanOrEqual(0);
      await page.getByRole("button", { name: "Remove the override of pay*" }).click();
    }
  });
}
