import { expect, livePicture, test } from "../fixtures/mesh-test.ts";
import { save } from "../fixtures/save-and-follow.ts";
import { steadyTraffic } from "../fixtures/steady-traffic.ts";

test.afterEach(({ mesh }) => mesh.command("zookeeper", "start"));

test("ZooKeeper is killed: traffic flows on, the pages say so, edits wait and are applied when it returns", async ({
  page,
  mesh,
  request,
}) => {
  const alert = page
    .getByRole("region", { name: "What needs attention" })
    .getByRole("alert")
    .filter({ hasText: /zookeeper/i });
  const traffic = steadyTraffic(mesh);
  await page.goto("/routes/cart");
  await mesh.command("zookeeper", "kill");
  await expect(alert).toBeVisible();

  await page.getByLabel("Description").fill("Saved while ZooKeeper was away");
  await save(page);
  await expect(page.getByText(/applied on 1 of 1/i)).toBeHidden();

  await mesh.command("zookeeper", "start");
  await expect(page.getByText(/applied on 1 of 1/i)).toBeVisible({ timeout: 60_000 });
  await expect(alert).toBeHidden();
  await expect
    .poll(async () => (await livePicture(request)).services.filter((service) => service.instances.length > 0).length, {
      timeout: 60_000,
    })
    .toBe(7);
  expect(await traffic.stop()).toEqual([]);
});
