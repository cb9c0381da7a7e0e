import type { Page } from "@playwright/test";
import { expect, livePicture, test, type Mesh } from "../fixtures/mesh-test.ts";
import { quiet, recordedVisits, send } from "../fixtures/visits.ts";

test.afterEach(({ mesh }) => mesh.demo("load", "wave"));

/** Requests a second from outside to the shop as the graph's accessible structure has them; NaN before there are any. */
async function shownRate(page: Page): Promise<number> {
  const calls = page
    .getByRole("treegrid")
    .getByRole("row", { name: /^calls storefront / })
    .first();
  const text = await calls.textContent();
  return Number(/([\d.,]+)\/s/.exec(text ?? "")?.[1]?.replace(",", ""));
}

/** Visits a second that the load generator sent since then. */
async function sentRate(mesh: Mesh, from: { readonly sent: number; readonly atMs: number }): Promise<number> {
  const { sent } = (await mesh.demo("status")).load;
  return ((sent - from.sent) * 1000) / (performance.now() - from.atMs);
}

test("the graph says what the load generator says it sent, within 2 %", async ({ page, mesh, request }) => {
  await mesh.demo("load", "20");
  await page.goto("/topology");
  const outside = page
    .getByRole("treegrid")
    .getByRole("row", { name: /^Outside / })
    .first();
  await outside.focus();
  await page.keyboard.press("ArrowRight");
  await expect(outside).toHaveAttribute("aria-expanded", "true");
  // Ten seconds are averaged over: all of them of the steady load.
  await send(mesh, 20 * 14);

  const from = { sent: (await mesh.demo("status")).load.sent, atMs: performance.now() };
  await send(mesh, 20 * 11);
  for (let reading = 0; reading < 5; reading += 1) {
    const { atMs } = await livePicture(request);
    await expect.poll(async () => (await livePicture(request)).atMs).toBeGreaterThan(atMs);
    const sent = await sentRate(mesh, from);
    const shown = await shownRate(page);
    expect(Math.abs(shown - sent) / sent, `${shown} a second are shown, ${sent} were sent`).toBeLessThanOrEqual(0.02);
  }
});

test("every visit is on record once", async ({ mesh, request }) => {
  const before = await quiet(mesh);
  await mesh.demo("load", "40");
  await send(mesh, 400);
  const after = await quiet(mesh);
  const answered = after.answered - before.answered;
  expect(answered).toBeGreaterThanOrEqual(400);
  await expect.poll(() => recordedVisits(request, before.atMs, after.atMs), { timeout: 30_000 }).toBe(answered);
});
