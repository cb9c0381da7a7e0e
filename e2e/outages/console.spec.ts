import { expect, test } from "../fixtures/mesh-test.ts";
import { steadyTraffic } from "../fixtures/steady-traffic.ts";

test.afterEach(({ mesh }) => mesh.command("console", "start"));

test("the console is killed: traffic flows on, an open page says since when, and picks up by itself", async ({
  page,
  mesh,
}) => {
  const alert = page
    .getByRole("region", { name: "What needs attention" })
    .getByRole("alert")
    .filter({ hasText: /no live data since/i });
  const traffic = steadyTraffic(mesh);
  await page.goto("/topology");
  await expect(page.getByRole("row", { name: /^orders / })).toBeVisible();
  await mesh.command("console", "kill");
  await expect(alert).toBeVisible();
  // The last picture stays, marked as old.
  await expect(page.getByRole("row", { name: /^orders / })).toBeVisible();
  await mesh.command("console", "start");
  await expect(alert).toBeHidden({ timeout: 60_000 });
  expect(await traffic.stop()).toEqual([]);
});
