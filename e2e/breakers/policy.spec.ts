import type { APIRequestContext, Page } from "@playwright/test";
import type { BreakerReading } from "#domain/traffic.ts";
import { expect, livePicture, test } from "../fixtures/mesh-test.ts";
import { openSection } from "../fixtures/route-form.ts";
import { savePolicyAndFollow } from "../fixtures/save-policy.ts";

const PAGE = "/breakers/payments-%3Epayments";

test.afterEach(({ mesh }) => mesh.demo("heal"));

/** The breaker of calls to payments, as the one gateway last told. */
async function paymentsReading(request: APIRequestContext): Promise<BreakerReading> {
  const { breakers } = await livePicture(request);
  const reading = breakers.find(({ key }) => key === "payments->payments")?.gateways[0]?.reading;
  if (reading === undefined) throw new Error("no gateway tells of payments->payments");
  return reading;
}

function policyOf(page: Page) {
  return page.getByRole("region", { name: "Policy", exact: true });
}

test("thresholds are simulated, saved and applied, and the window that is being counted is kept", async ({
  page,
  request,
}) => {
  test.slow();
  await page.goto(PAGE);
  const policy = policyOf(page);
  const simulation = policy.getByRole("region", { name: "Simulation" });
  await policy.getByLabel("Error threshold (%)").fill("500");
  await policy.getByLabel("Error threshold (%)").blur();
  await expect(simulation).toContainText("First put right: Error threshold (%): At most 100");
  await policy.getByLabel("Error threshold (%)").fill("60");
  await simulation.getByRole("button", { name: "Simulate" }).click();
  const figures = simulation.getByRole("table", { name: /present and edited settings/i });
  // The first minute of a new mesh is not on record yet.
  await expect(async () => {
    const again = simulation.getByRole("button", { name: "Simulate again" });
    if ((await figures.count()) === 0) await again.click();
    await expect(figures).toBeVisible({ timeout: 5000 });
  }).toPass({ timeout: 150_000 });
  await expect(figures.getByRole("columnheader", { name: "Present" })).toBeVisible();
  await expect(figures.getByRole("columnheader", { name: "Edited" })).toBeVisible();
  await expect(simulation).toContainText(/Replays [\d,]+ calls on record/);

  await expect.poll(async () => (await paymentsReading(request)).window.total, { timeout: 60_000 }).toBeGreaterThan(20);
  const before = await paymentsReading(request);
  await savePolicyAndFollow(page);
  await expect.poll(async () => (await paymentsReading(request)).thresholds.errorPercent).toBe(60);
  const after = await paymentsReading(request);
  expect(after.sinceMs).toBe(before.sinceMs);
  // A window that had started anew would hold the calls of a second or two.
  expect(after.window.total).toBeGreaterThan(before.window.total / 2);

  await policy.getByLabel("Error threshold (%)").fill("50");
  await savePolicyAndFollow(page);
});

test("an open breaker whose policy is edited stays open and does not start its sleep window anew", async ({
  page,
  request,
  mesh,
}) => {
  test.slow();
  await page.goto(PAGE);
  const policy = policyOf(page);
  await policy.getByLabel("Sleep window", { exact: true }).fill("90");
  await savePolicyAndFollow(page);
  await mesh.demo("break", "payments");
  await expect.poll(async () => (await paymentsReading(request)).state, { timeout: 60_000 }).toBe("open");
  const before = await paymentsReading(request);

  await policy.getByLabel("Error threshold (%)").fill("40");
  await openSection(page, "Failed trials");
  await policy.getByLabel("Back-off factor").fill("2");
  await savePolicyAndFollow(page);
  await expect.poll(async () => (await paymentsReading(request)).thresholds.errorPercent).toBe(40);
  const after = await paymentsReading(request);
  expect(after).toMatchObject({ state: "open", sinceMs: before.sinceMs, nextTrialAtMs: before.nextTrialAtMs });
  await expect(page.getByRole("region", { name: /window against the thresholds/i })).toContainText(/Next trial in/);

  await mesh.demo("heal");
  // A shorter sleep window ends the one that is running, too.
  await policy.getByRole("button", { name: "Reset to defaults" }).click();
  await savePolicyAndFollow(page);
  await expect.poll(async () => (await paymentsReading(request)).state, { timeout: 60_000 }).toBe("closed");
});

test("fallbacks are put in order by keyboard, the fixed reply last, and what is wrong is said at its place", async ({
  page,
}) => {
  await page.goto(PAGE);
  const policy = policyOf(page);
  await policy.getByRole("button", { name: "Add fixed reply" }).click();
  await policy.getByRole("button", { name: "Add last good reply" }).click();
  await expect(policy.getByRole("group", { name: /^Fallback 2: last good reply/ })).toBeVisible();
  await expect(policy.getByRole("group", { name: /^Fallback 3: fixed reply/ })).toBeVisible();
  const up = policy.getByRole("button", { name: "Move fallback 2 up" });
  await up.focus();
  await page.keyboard.press("Enter");
  await expect(policy.getByRole("group", { name: /^Fallback 1: last good reply/ })).toBeVisible();
  await expect(policy.getByRole("button", { name: "Move fallback 1 up" })).toBeFocused();

  await policy.getByLabel("Body of fallback 3").fill('{"paid":');
  await expect(policy.getByText("The body is no JSON")).toBeVisible();
  await policy.getByLabel("Body of fallback 3").fill('{"paid":false}');
  await expect(policy.getByLabel("What callers get")).toHaveValue(/"paid": false/);
  await policy.getByLabel("Status of fallback 3").fill("99");
  await policy.getByRole("button", { name: "Save policy" }).click();
  await expect(policy.getByRole("alert").getByRole("button", { name: /Fallback 3, status: 200 to 599/ })).toBeVisible();
  await expect(policy.getByLabel("Status of fallback 3")).toBeFocused();
});
