import { openLog } from "#platform/log.ts";
import { openZooKeeper, type ZooKeeper } from "#zookeeper/session.ts";
import { expect, test as base } from "../fixtures/mesh-test.ts";

/** Entries that are no instances, by their nodes; what is there cannot be told from markup by a careless page. */
const ENTRIES: Readonly<Record<string, string>> = {
  "/services/payments/cut-short": '{"name":"payments","id":"cut-short","address":"10.0.0.1"',
  "/services/payments/without-a-port": '{"name":"payments","id":"without-a-port","address":"10.0.0.1"}',
  '/services/payments/<img src=x onerror="document.title=1">': "\u0000\u0001",
};

const test = base.extend<{ zk: ZooKeeper }>({
  zk: async ({ mesh }, use) => {
    const zk = openZooKeeper({ servers: mesh.zookeeper, log: openLog("registry", "silent") });
    await use(zk);
    for (const path of Object.keys(ENTRIES)) if ((await zk.read(path)) !== null) await zk.remove(path, -1);
    await zk.stop();
  },
});

test("entries that cannot be read are said on Instances, explained at their service, and no instance is missing for them", async ({
  page,
  zk,
}) => {
  await page.goto("/instances");
  const rows = page.getByRole("table", { name: "Instances" }).getByRole("row");
  await expect(page.getByRole("row", { name: /payments-a/ })).toBeVisible();
  const before = await rows.count();
  const notice = page.getByRole("note").filter({ hasText: "cannot be read" });
  await expect(notice).toHaveCount(0);

  for (const [path, text] of Object.entries(ENTRIES)) await zk.create(path, Buffer.from(text));
  await expect(notice).toContainText("3 entries cannot be read");
  await expect(rows).toHaveCount(before);
  await notice.getByRole("link", { name: "payments" }).click();

  // What one came for is on the screen, though it stands far below the charts.
  const entries = page.getByRole("region", { name: "Unreadable entries" });
  await expect(entries).toBeInViewport();
  const items = entries.getByRole("listitem");
  await expect(items).toHaveCount(3);
  await expect(items.filter({ hasText: "cut-short" })).toContainText("not JSON");
  await expect(items.filter({ hasText: "without-a-port" })).toContainText("port");
  await expect(items.filter({ hasText: '<img src=x onerror="document.title=1">' })).toBeVisible();
  await expect(page).toHaveTitle(/payments/);
  await expect(page.getByRole("table", { name: "Instances of payments" })).toContainText("payments-a");

  for (const path of Object.keys(ENTRIES)) await zk.remove(path, -1);
  await expect(entries).toBeHidden();
  await page.goto("/instances");
  await expect(page.getByRole("row", { name: /payments-a/ })).toBeVisible();
  await expect(notice).toHaveCount(0);
});
