import { SIGNED_IN } from "../../playwright.config.ts";
import { expect, test } from "../fixtures/mesh-test.ts";

test("the one-time link makes the first administrator and signs in, once", async ({ page, mesh, browser }) => {
  expect(mesh.signInLink).not.toBeNull();
  await page.goto(mesh.signInLink ?? "");
  await page.getByLabel("Name").fill("Ada Operator");
  await page.getByLabel("E-mail").fill("ada@example.com");
  await page.getByLabel("Password", { exact: true }).fill("correct horse battery");
  await page.getByRole("button", { name: /create/i }).click();
  await expect(page).toHaveURL(/\/topology/);
  await page.context().storageState({ path: SIGNED_IN });

  const stranger = await browser.newPage();
  await stranger.goto(mesh.signInLink ?? "");
  await expect(stranger.getByText(/link .*(used|no longer)/i)).toBeVisible();
  await stranger.goto(`${mesh.console}/routes`);
  await expect(stranger).toHaveURL(/\/sign-in/);
  await stranger.close();
});
