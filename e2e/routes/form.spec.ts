import { expect, test } from "../fixtures/mesh-test.ts";
import { createAndFollow, deleteRoute, openSection, sendTo, startRoute } from "../fixtures/route-form.ts";
import type { Page } from "@playwright/test";

const NAME = "form-trial";

test.afterEach(({ page }) => deleteRoute(page, NAME));

/** Only requests that carry it are the trial's: the demo's own traffic goes on as before. */
async function onlyWithHeader(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Add header of match 1" }).click();
  await page.getByLabel("Name of header 1 of match 1").fill("x-trial");
  await page.getByLabel("Value of header 1 of match 1").fill("yes");
}

test("a template, a header condition and a redirect filled in here are what the gateway does", async ({
  page,
  mesh,
}) => {
  await startRoute(page, NAME);
  await page.getByLabel("Path condition of match 1").selectOption("template");
  await page.getByLabel("Value of path of match 1").fill("/orders/{id}");
  await onlyWithHeader(page);
  await page.getByRole("button", { name: "Redirect" }).click();
  await page.getByLabel("Status", { exact: true }).selectOption("308");
  await page.getByRole("region", { name: "Action" }).getByLabel("Host", { exact: true }).fill("orders.example.com");
  await page.getByLabel("Path of the new address").selectOption("full");
  await page.getByLabel("New path").fill("/o/{id}");
  // The shop's own route takes every path by its prefix, and prefixes come before templates.
  await openSection(page, "Advanced");
  await page.getByLabel("Priority").fill("10");
  await createAndFollow(page, NAME);

  const trial = await mesh.callEdge("/orders/7?page=2", { "x-trial": "yes" });
  expect([trial.status, trial.headers["location"]]).toEqual([308, "http://orders.example.com/o/7?page=2"]);
  expect((await mesh.callEdge("/orders/7/items", { "x-trial": "yes" })).headers["x-mesh-route"]).toBe("shop");
  expect((await mesh.callEdge("/orders/7")).headers["x-mesh-route"]).toBe("shop");
});

test("a rate limit and header changes filled in here are enforced", async ({ page, mesh }) => {
  await startRoute(page, NAME);
  await page.getByLabel("Value of path of match 1").fill("/browse");
  await onlyWithHeader(page);
  await sendTo(page, "storefront");
  await openSection(page, "Response headers");
  await page.getByRole("button", { name: "Set a response header" }).click();
  await page.getByLabel("Name: set response header 1").fill("x-trial-note");
  await page.getByLabel("Value: set response header 1").fill("{route} took {request.path}");
  await openSection(page, "Rate limits");
  await page.getByRole("button", { name: "Add limit" }).click();
  await page.getByLabel("Requests of limit 1").fill("2");
  await page.getByLabel("Unit of per of limit 1").selectOption("min");
  await page.getByLabel("At once of limit 1").fill("2");
  await createAndFollow(page, NAME);

  const answers = [];
  for (let at = 0; at < 3; at += 1) answers.push(await mesh.callEdge("/browse", { "x-trial": "yes" }));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
  expect(answers[0]?.headers["x-trial-note"]).toBe(`${NAME} took /browse`);
  expect(Number(answers[2]?.headers["retry-after"])).toBeGreaterThan(0);
  expect((await mesh.callEdge("/browse")).status).toBe(200);
});

test("what is wrong in a closed section is listed, opened and led to, and nothing that was typed is lost", async ({
  page,
}) => {
  await startRoute(page, NAME);
  await sendTo(page, "storefront");
  await openSection(page, "Retries");
  await page.getByLabel("Statuses").fill("502, nonsense");
  await openSection(page, "Retries");
  await expect(page.getByLabel("Statuses")).toBeHidden();

  await page.getByRole("button", { name: "Create route" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "needs attention" })).toContainText("Retries");
  await expect(page.getByLabel("Statuses")).toBeFocused();
  await expect(page.getByLabel("Statuses")).toHaveValue("502, nonsense");

  await page.getByLabel("Statuses").fill("502, 504");
  await expect(page.getByRole("alert").filter({ hasText: "needs attention" })).toBeHidden();

  await page.getByRole("button", { name: "Fixed response" }).click();
  await page.getByLabel("Body", { exact: true }).fill("closed for stocktaking");
  await page.getByRole("button", { name: "Forward to services" }).click();
  await expect(page.getByRole("group", { name: "Destination 1" }).getByLabel(/^Service/)).toHaveValue("storefront");
  await page.getByRole("button", { name: "Fixed response" }).click();
  await expect(page.getByLabel("Body", { exact: true })).toHaveValue("closed for stocktaking");
});
