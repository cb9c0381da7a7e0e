import type { Locator, Page } from "@playwright/test";
import { expect, livePicture, test } from "../fixtures/mesh-test.ts";
import { saveAndFollow } from "../fixtures/save-and-follow.ts";
import { startSecondConsole } from "../fixtures/second-console.ts";

const figures = (page: Page): Locator => page.getByRole("region", { name: "Figures" });

async function edit(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/routes/cart`);
  await page.getByLabel("Description").fill(`Saved at ${url} at ${new Date().toISOString()}`);
  await saveAndFollow(page);
}

test("of two consoles one publishes; killed, the other takes over within its session, and is left in peace by the first", async ({
  page,
  context,
  mesh,
  request,
}) => {
  const { consoleId: firstId } = await livePicture(request);
  const second = await startSecondConsole(mesh);
  try {
    const other = await context.newPage();
    await page.goto("/sync");
    await expect(figures(page)).toContainText(`Published by${firstId}this console`);
    await other.goto(`${second.url}/sync`);
    await expect(figures(other)).toContainText(`Published by${firstId}this console is ${second.id}`);
    // An edit at the console that does not publish arrives all the same.
    await edit(other, second.url);

    await other.goto(`${second.url}/sync`);
    await mesh.command("console", "kill");
    await expect(
      page
        .getByRole("region", { name: "What needs attention" })
        .getByRole("alert")
        .filter({ hasText: /no live data/i }),
    ).toBeVisible();
    await expect(figures(other)).toContainText(`Published by${second.id}this console`);
    await edit(other, second.url);

    await mesh.command("console", "start");
    await expect(figures(page)).toContainText(`Published by${second.id}this console is ${firstId}`, {
      timeout: 60_000,
    });
    await other.close();
  } finally {
    await mesh.command("console", "start");
    await second.stop();
  }
  await expect(figures(page)).toContainText(`Published by${firstId}this console`);
});
