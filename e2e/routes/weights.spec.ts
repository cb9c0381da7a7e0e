import { expect, livePicture, test } from "../fixtures/mesh-test.ts";
import { saveAndFollow } from "../fixtures/save-and-follow.ts";
import type { APIRequestContext } from "@playwright/test";

/** Share of the inventory's requests per second that version 2 answered, 0 … 1; null before any. */
async function shareOfVersion2(request: APIRequestContext): Promise<number | null> {
  const { topology } = await livePicture(request);
  const shares = topology.edges.filter((edge) => edge.to === "service:inventory").flatMap((edge) => edge.split);
  const total = shares.reduce((sum, share) => sum + share.requestsPerSecond, 0);
  const second = shares.filter((share) => share.subset === "version=2");
  return total === 0 ? null : second.reduce((sum, share) => sum + share.requestsPerSecond, 0) / total;
}

test("weights edited in the form move the measured traffic from one version to the other", async ({
  page,
  request,
  mesh,
}) => {
  const weights = async (first: string, second: string): Promise<void> => {
    await page.goto("/routes/inventory");
    await page
      .getByRole("group", { name: "Destination 1" })
      .getByLabel(/weight/i)
      .fill(first);
    await page
      .getByRole("group", { name: "Destination 2" })
      .getByLabel(/weight/i)
      .fill(second);
    await saveAndFollow(page);
  };

  await weights("100", "0");
  await expect.poll(() => shareOfVersion2(request), { timeout: 40_000 }).toBe(0);
  await weights("0", "100");
  await expect.poll(() => shareOfVersion2(request), { timeout: 40_000 }).toBe(1);

  const answer = await mesh.callAs("orders", "inventory", "/stock/1");
  expect(answer.headers["x-mesh-subset"]).toBe("version=2");
  expect(answer.headers["x-mesh-route"]).toBe("inventory");

  // As they were: later specs count on traffic to both.
  await weights("80", "20");
  await expect.poll(() => shareOfVersion2(request), { timeout: 40_000 }).toBeLessThan(0.5);
});

test("a form that grew stale is refused, says so, and loses nothing", async ({ browser, page, storageState }) => {
  await page.goto("/routes/catalog");
  await page.getByLabel("Description").fill("What the first person wrote");

  const colleague = await browser.newPage(storageState === undefined ? {} : { storageState });
  await colleague.goto("/routes/catalog");
  await colleague.getByLabel("Description").fill("What the second person wrote");
  await saveAndFollow(colleague);
  await colleague.close();

  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert").filter({ hasText: /changed by|changed since/i })).toBeVisible();
  await expect(page.getByLabel("Description")).toHaveValue("What the first person wrote");
  await page.getByRole("button", { name: /keep mine/i }).click();
  await saveAndFollow(page);
  await page.reload();
  await expect(page.getByLabel("Description")).toHaveValue("What the first person wrote");
});
