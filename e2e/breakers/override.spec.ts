import { fillInForce } from "../fixtures/force.ts";
import { expect, test } from "../fixtures/mesh-test.ts";

test("a breaker forced open by hand refuses, is marked everywhere, and returns to automatic", async ({
  page,
  mesh,
}) => {
  await page.goto("/breakers");
  const tile = page.getByRole("article", { name: "Breaker inventory->inventory", exact: true });
  await tile.getByRole("button", { name: /force open/i }).click();
  const dialog = page.getByRole("dialog");
  const preview = dialog.getByRole("region", { name: "What it affects now" });
  await expect(preview).toContainText(/\/s from .*catalog .* now/);
  await expect(preview).toContainText("callers get 503");
  await dialog.getByRole("button", { name: /^force open$/i }).click();
  await expect(dialog.getByText(/say why/i)).toBeVisible();
  await dialog.getByLabel("Reason").fill("Moving the stock database");
  await dialog.getByRole("button", { name: /^force open$/i }).click();
  await expect(dialog.getByText("Type inventory->inventory, to say that you mean it")).toBeVisible();
  await expect(dialog.getByLabel("Reason")).toHaveValue("Moving the stock database");
  await fillInForce(page, { word: "Force open", reason: "Moving the stock database", name: "inventory->inventory" });

  await expect(tile).toContainText(/forced open/i);
  await expect(tile).toContainText("Moving the stock database");
  await expect.poll(async () => (await mesh.callAs("orders", "inventory", "/stock/1")).status).toBe(503);
  const refused = await mesh.callAs("orders", "inventory", "/stock/1");
  expect(JSON.parse(refused.body)).toMatchObject({ code: "BREAKER_FORCED_OPEN" });
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);

  const banner = page.getByRole("region", { name: "What needs attention" });
  await page.goto("/gateways");
  await expect(banner).toContainText("Forced open: inventory->inventory by Ada Operator");
  await expect(banner).toContainText("“Moving the stock database”");
  const end = async (): Promise<string> =>
    /until (?:\d{4}-\d\d-\d\d )?[\d:]+/.exec(await banner.innerText())?.[0] ?? "";
  const before = await end();
  await banner.getByRole("button", { name: /extend by 15 min/i }).click();
  await expect.poll(end).not.toBe(before);
  await banner.getByRole("link", { name: /inventory->inventory/ }).click();
  await expect(page).toHaveURL(/\/breakers\/inventory/);

  await banner.getByRole("button", { name: /back to automatic/i }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /back to automatic/i })
    .click();
  await expect(banner).not.toContainText(/forced open/i);
  await expect.poll(async () => (await mesh.callAs("orders", "inventory", "/stock/1")).status).toBe(200);

  await page.goto("/audit");
  await page.getByRole("searchbox").fill("inventory->inventory");
  for (const what of [
    /Ada Operator.*forced open/i,
    /Ada Operator.*extended by 15 min/i,
    /Ada Operator.*back to automatic/i,
  ])
    await expect(page.getByRole("row", { name: what }).first()).toBeVisible();
});

test("what is forced without a word of confirmation is refused, whichever client asks", async ({ page, mesh }) => {
  const answer = await page.request.post(`${mesh.console}/api/trpc/breakers.force`, {
    headers: { origin: mesh.console },
    data: {
      target: { kind: "service", service: "inventory" },
      mode: "forced-open",
      reason: "a script that knows no better",
      durationMs: 60_000,
    },
  });
  expect(answer.status()).toBe(409);
  expect(await answer.text()).toContain("CONFIRMATION_NEEDED");
});
