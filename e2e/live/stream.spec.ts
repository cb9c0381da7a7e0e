import { expect, test } from "../fixtures/mesh-test.ts";

test("a hidden tab gets no pictures, and goes on from the one it has when it is shown", async ({ page }) => {
  const opened: string[] = [];
  const closed: string[] = [];
  const isStream = (url: string): boolean => url.includes("/api/trpc/live.picture");
  page.on("request", (request) => void (isStream(request.url()) && opened.push(request.url())));
  page.on("requestfailed", (request) => void (isStream(request.url()) && closed.push(request.url())));
  await page.goto("/services");
  const state = page.getByTestId("connection-state").filter({ visible: true });
  await expect(state).toContainText("Live");
  expect(opened).toHaveLength(1);

  const show = (shown: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event("visibilitychange"));
    }, !shown);
  await show(false);
  await expect.poll(() => closed.length, { timeout: 30_000 }).toBe(1);
  expect(opened).toHaveLength(1);

  await show(true);
  await expect(state).toContainText("Live");
  expect(opened).toHaveLength(2);
  expect(decodeURIComponent(opened[1] ?? "")).toMatch(/"lastEventId":"[0-9a-f]+-\d+"/);
  await expect(page.getByText(/No live data since/)).toHaveCount(0);
});
