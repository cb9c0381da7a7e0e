import { giveAway } from "../fixtures/closed-node.ts";
import { save, saveAndFollow } from "../fixtures/save-and-follow.ts";
import { expect, test } from "../fixtures/mesh-test.ts";

const NODE = "/meshkeeper/policy/routes/orders";

test("a node that is somebody else's is named and keeps nothing else back; put right, it is published", async ({
  page,
  mesh,
}) => {
  await page.goto("/routes/orders");
  const giveBack = await giveAway(mesh, NODE);
  try {
    await page.getByLabel("Description").fill(`Blocked at ${new Date().toISOString()}`);
    await save(page);
    await expect(page.getByRole("status", { name: "Delivery" })).toContainText("ZooKeeper does not let it be written");

    await page.goto("/routes/cart");
    await page.getByLabel("Description").fill(`Beside a blocked one at ${new Date().toISOString()}`);
    await saveAndFollow(page);

    await page.goto("/routes");
    const routes = page.getByRole("table", { name: "Routes" });
    await expect(routes.getByRole("row", { name: /^orders / })).toContainText("Blocked");
    await expect(routes.getByRole("row", { name: /^cart / })).toContainText("Applied 1/1");

    await page.goto("/sync");
    await expect(page.getByRole("status", { name: "Verdict" })).toContainText(
      "ZooKeeper does not let 1 node be written",
    );
    const blocked = page.getByRole("table", { name: "Blocked nodes" });
    await expect(blocked.getByRole("row", { name: NODE })).toContainText("NO_AUTH");
  } finally {
    await giveBack();
  }
  await page.getByRole("button", { name: "Compare everything now" }).click();
  await expect(page.getByRole("region", { name: "Blocked nodes" })).toBeHidden();
  await expect(page.getByRole("status", { name: "Verdict" })).toContainText("Everything saved is applied on gateway-1");
  await page.goto("/routes/orders");
  await expect(page.getByText(/applied on 1 of 1/i)).toBeVisible();
});
