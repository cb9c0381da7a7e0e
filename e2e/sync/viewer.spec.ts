import { expect } from "../fixtures/mesh-test.ts";
import { signInAsViewer } from "../fixtures/viewer.ts";
import { test } from "../fixtures/third-party.ts";

test("a viewer sees what there is to see, can act on nothing, and is told why", async ({
  browser,
  mesh,
  request,
  thirdParty,
}) => {
  const held = await request.post("/api/trpc/sync.setDriftMode", { data: { mode: "hold" } });
  expect(held.status(), await held.text()).toBe(200);
  const context = await signInAsViewer(mesh, browser);
  const page = await context.newPage();
  try {
    await thirdParty.change("routes/cart", { description: "Seen by a viewer" });
    await page.goto("/sync");
    await expect(page.getByRole("status", { name: "Verdict" })).toContainText("left for a person to decide");
    await expect(page.getByText("You may look. Operators and administrators may act here.")).toBeVisible();
    await page.getByRole("button", { name: "Compare routes/cart" }).click();
    await expect(page.getByRole("table", { name: "Three states of routes/cart" })).toContainText("Seen by a viewer");
    for (const name of ["Restore", "Adopt", "Ignore", "Compare everything now"])
      await expect(page.getByRole("button", { name, exact: true })).toBeDisabled();
    await expect(page.getByText("Operators and administrators may decide.")).toBeVisible();
    await expect(page.getByRole("checkbox", { name: /^Select/ })).toHaveCount(0);
    await expect(page.getByRole("switch", { name: /Hold what others change/ })).toBeDisabled();
    await expect(page.getByText("Administrators may change this.")).toBeVisible();

    await page.goto("/instances");
    await expect(page.getByRole("table", { name: "Instances" }).getByRole("row").nth(1)).toBeVisible();
    await expect(page.getByText("You may look. Operators and administrators may act here.")).toBeVisible();
    await expect(page.getByRole("checkbox", { name: /^Select/ })).toHaveCount(0);

    await page.goto("/routes/cart");
    await expect(page.getByLabel("Description")).toBeDisabled();
    // What the page does not offer, the console refuses.
    for (const [path, data] of [
      ["sync.checkNow", {}],
      ["sync.setDriftMode", { mode: "repair" }],
      ["sync.decideSeveral", { findings: [{ id: crypto.randomUUID(), foundHash: "" }], decision: "restore" }],
    ] as const)
      expect((await context.request.post(`/api/trpc/${path}`, { data })).status(), path).toBe(403);
  } finally {
    const repaired = await request.post("/api/trpc/sync.setDriftMode", { data: { mode: "repair" } });
    expect(repaired.status(), await repaired.text()).toBe(200);
    await context.close();
  }
});
