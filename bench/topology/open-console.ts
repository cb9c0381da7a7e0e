import type { Browser, Page } from "@playwright/test";
import type { Stack } from "#launch/stack.ts";

/** Signs in at a console that was just set up, and opens the topology. */
export async function openConsole(browser: Browser, stack: Stack): Promise<Page> {
  if (stack.signInLink === null) throw new Error("the console has an administrator already");
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(stack.signInLink);
  await page.getByLabel("Name").fill("Ada Operator");
  await page.getByLabel("E-mail address").fill("ada@example.com");
  await page.getByLabel("Password", { exact: true }).fill("correct horse battery");
  await page.getByRole("button", { name: /and sign in/i }).click();
  await page.waitForURL(/topology/, { waitUntil: "commit" });
  return page;
}
