import type { Page } from "@playwright/test";
import { signedInFile } from "../fixtures/mesh-name.ts";
import { expect, test } from "../fixtures/mesh-test.ts";

test("the one-time link makes the first administrator and signs in, once", async ({ page, mesh, browser }) => {
  expect(mesh.signInLink).not.toBeNull();
  await claim(page, mesh.signInLink ?? "", "Ada Operator", "ada@example.com");
  await expect(page).toHaveURL(/\/topology/);
  await page.context().storageState({ path: signedInFile(mesh.name) });

  const stranger = await browser.newPage();
  await stranger.goto(mesh.signInLink ?? "");
  await expect(stranger.getByRole("heading", { name: /no longer works/i })).toBeVisible();
  const forced = await stranger.request.post(`${mesh.console}/api/trpc/session.claim`, {
    data: {
      token: new URL(mesh.signInLink ?? "").searchParams.get("token"),
      name: "Mallory",
      email: "m@example.com",
      password: "0123456789",
    },
  });
  expect(forced.status()).toBe(404);
  await stranger.goto(`${mesh.console}/routes`);
  await expect(stranger).toHaveURL(/\/sign-in/);
  await stranger.close();
});

async function claim(page: Page, link: string, name: string, email: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill("correct horse battery");
  await page.getByRole("button", { name: /and sign in/i }).click();
}
