import { expect, test } from "../fixtures/mesh-test.ts";
import { saveAndFollow } from "../fixtures/save-and-follow.ts";
import { steadyTraffic } from "../fixtures/steady-traffic.ts";

test.afterEach(({ mesh }) => mesh.command("postgres", "start"));

test("PostgreSQL is killed: traffic and the live picture flow on, edits fail closed with nothing lost, and work again", async ({
  page,
  mesh,
}) => {
  const alert = page
    .getByRole("region", { name: "What needs attention" })
    .getByRole("alert")
    .filter({ hasText: /postgresql/i });
  const traffic = steadyTraffic(mesh);
  await page.goto("/routes/cart");
  await page.getByLabel("Description").fill("Typed before the database went");
  await mesh.command("postgres", "kill");
  await expect(alert).toBeVisible();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(/nothing can be saved/i).first()).toBeVisible();
  await expect(page.getByLabel("Description")).toHaveValue("Typed before the database went");

  await mesh.command("postgres", "start");
  await expect(alert).toBeHidden({ timeout: 60_000 });
  await saveAndFollow(page);
  await page.reload();
  await expect(page.getByLabel("Description")).toHaveValue("Typed before the database went");
  expect(await traffic.stop()).toEqual([]);
});
