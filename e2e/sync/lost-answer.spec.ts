import type { APIRequestContext, Page } from "@playwright/test";
import { z } from "zod";
import { expect, test } from "../fixtures/mesh-test.ts";

const UPDATE = "**/api/trpc/routes.update**";
const Row = z.object({ result: z.object({ data: z.object({ version: z.int(), revision: z.int() }) }) });

async function routeOf(request: APIRequestContext): Promise<{ version: number; revision: number }> {
  const answer = await request.get(`/api/trpc/routes.get?input=${encodeURIComponent(JSON.stringify({ id: "cart" }))}`);
  return Row.parse(await answer.json()).result.data;
}

/** The form has come to rest on the version after `before`, as the only edit made. */
async function expectSavedOnce(
  page: Page,
  before: { version: number; revision: number },
  words: string,
): Promise<void> {
  await expect(page.getByRole("status", { name: "Delivery" })).toContainText(
    `Saved as revision ${String(before.revision + 1)}`,
  );
  await expect(page.getByText(/applied on 1 of 1/i)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByLabel("Description")).toHaveValue(words);
  await expect(page.getByText(/Somebody else has changed|changed by someone else/)).toBeHidden();
  await expect(page.getByText("Not saved", { exact: true })).toBeHidden();
  expect(await routeOf(page.request)).toEqual({ version: before.version + 1, revision: before.revision + 1 });
}

test.afterEach(({ mesh }) => mesh.command("console", "start"));

test("the answer to a save is cut: the page asks again with the same key, and the edit is made once", async ({
  page,
}) => {
  await page.goto("/routes/cart");
  const before = await routeOf(page.request);
  const keys: (string | undefined)[] = [];
  await page.route(UPDATE, async (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    if (keys.length > 2) return route.continue();
    await route.fetch();
    await route.abort("connectionreset");
  });
  const words = `Its answer was cut at ${new Date().toISOString()}`;
  await page.getByLabel("Description").fill(words);
  await page.getByRole("button", { name: "Save" }).click();
  await expectSavedOnce(page, before, words);
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
});

test("the console is killed after it has committed and before it answers: the form ends right, and pressing again makes nothing twice", async ({
  page,
  mesh,
}) => {
  await page.goto("/routes/cart");
  const before = await routeOf(page.request);
  let asked = 0;
  await page.route(UPDATE, async (route) => {
    asked += 1;
    if (asked > 1) return route.continue();
    await route.fetch();
    await mesh.command("console", "kill");
    await route.abort("connectionreset");
  });
  const words = `Committed and then killed at ${new Date().toISOString()}`;
  await page.getByLabel("Description").fill(words);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The console does not answer").first()).toBeVisible();
  await expect(page.getByLabel("Description")).toHaveValue(words);
  await mesh.command("console", "start");
  await expectSavedOnce(page, before, words);
  await page.goto(`/audit?q=${encodeURIComponent("routes/cart")}`);
  await expect(page.getByRole("row", { name: new RegExp(`Ada Operator.*cart`) }).first()).toBeVisible();
});
