import { expect, test } from "../fixtures/mesh-test.ts";
import { openSection } from "../fixtures/route-form.ts";
import { savePolicyAndFollow } from "../fixtures/save-policy.ts";

test.afterEach(({ mesh }) => mesh.demo("heal"));

test("payments break, trip with their cause, are stood in for, are tried, come back by steps and close", async ({
  page,
  mesh,
}) => {
  test.slow();
  await page.goto("/breakers/payments-%3Epayments");
  const policy = page.getByRole("region", { name: "Policy", exact: true });
  const now = page.getByRole("region", { name: /window against the thresholds/i });
  await policy.getByLabel("Sleep window", { exact: true }).fill("4");
  await openSection(page, "Graded return");
  await policy.getByRole("switch", { name: /by and by/ }).click();
  await policy.getByLabel("Steps (%)").fill("25, 50");
  await policy.getByLabel("A step lasts", { exact: true }).fill("4");
  await policy.getByLabel("Calls in a step", { exact: true }).fill("1");
  await expect(
    policy.getByText(/After 1 trial: 25.% for 4.s, 50.% for 4.s, then all; about 8.s/).first(),
  ).toBeVisible();
  await savePolicyAndFollow(page);

  await mesh.demo("break", "payments");
  await expect(now).toContainText(/\d+ % of \d+ calls failed: \d+/, { timeout: 60_000 });
  await expect(now.getByText("Open", { exact: true }).first()).toBeVisible();
  await expect(now).toContainText(/Next trial in \d+\ss/);
  await expect
    .poll(async () => (await mesh.callAs("orders", "payments", "/charge")).headers["x-mesh-service"])
    .toBe("payments-backup");
  await expect(page.getByText(/Served by a fallback/)).toBeVisible();

  await mesh.demo("heal");
  await expect(now).toContainText(/Step 1 of 2: 25 % let through/, { timeout: 60_000 });
  await expect(now.getByRole("list", { name: "The way back" }).locator("[aria-current=step]")).toHaveText("25 %");
  await expect(now).toContainText(/Step 2 of 2: 50 % let through/, { timeout: 60_000 });
  await expect(now.getByText("Closed", { exact: true }).first()).toBeVisible({ timeout: 60_000 });
  await expect
    .poll(async () => (await mesh.callAs("orders", "payments", "/charge")).headers["x-mesh-service"])
    .toBe("payments");

  const transitions = page.getByRole("table", { name: "Transitions" });
  for (const row of [/Closed.*Open.*calls failed/, /Open.*Half-open/, /25.% let through/, /50.% let through.*Closed/])
    await expect(transitions.getByRole("row", { name: row }).first()).toBeVisible();

  await policy.getByRole("button", { name: "Reset to defaults" }).click();
  await savePolicyAndFollow(page);
});
