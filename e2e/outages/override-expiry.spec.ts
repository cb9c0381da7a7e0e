import { fillInForce } from "../fixtures/force.ts";
import type { APIRequestContext } from "@playwright/test";
import { z } from "zod";
import { expect, test } from "../fixtures/mesh-test.ts";

test.afterEach(({ mesh }) => mesh.command("zookeeper", "start"));

test("forced open for 20 s, ZooKeeper is killed: it holds, and ends by itself on time, with ZooKeeper still down", async ({
  page,
  mesh,
}) => {
  const codeOf = async (): Promise<string> => {
    const { status, body } = await mesh.callAs("orders", "inventory", "/stock/1");
    return status === 503 ? (/[A-Z]+_[A-Z_]+/.exec(body)?.[0] ?? "503") : status.toString();
  };
  await page.goto("/breakers");
  const tile = page.getByRole("article", { name: "Breaker inventory->inventory", exact: true });
  await tile.getByRole("button", { name: /force open/i }).click();
  await fillInForce(page, {
    word: "Force open",
    reason: "Twenty seconds of quiet",
    name: "inventory->inventory",
    seconds: 20,
  });
  await expect.poll(codeOf, { intervals: [100] }).toBe("BREAKER_FORCED_OPEN");
  const endsAtMs = await endOf(page.request, "command:inventory:inventory@fleet");

  await mesh.command("zookeeper", "kill");
  const alerts = page.getByRole("region", { name: "What needs attention" });
  await expect(alerts.getByRole("alert").filter({ hasText: /zookeeper/i })).toBeVisible();
  await expect(tile).toContainText(/forced open/i);
  expect(await codeOf()).toBe("BREAKER_FORCED_OPEN");

  // Gateway and test read the same clock: it never serves too early, and refuses nothing that is asked for later.
  const refusedLate: number[] = [];
  await expect
    .poll(
      async () => {
        const askedAtMs = Date.now();
        const code = await codeOf();
        if (askedAtMs >= endsAtMs && code !== "200") refusedLate.push(askedAtMs - endsAtMs);
        return code;
      },
      { intervals: [100], timeout: 30_000 },
    )
    .toBe("200");
  expect(Date.now()).toBeGreaterThanOrEqual(endsAtMs);
  expect(refusedLate).toEqual([]);
  await expect(tile).not.toContainText(/forced open/i);
  await expect(alerts).not.toContainText("Twenty seconds of quiet");
  await expect(alerts.getByRole("alert").filter({ hasText: /zookeeper/i })).toBeVisible();

  await mesh.command("zookeeper", "start");
  await page.goto("/audit");
  await page.getByRole("searchbox").fill("inventory->inventory");
  await expect(page.getByRole("row", { name: /Forced open.*for 20 s: Twenty seconds of quiet/ }).first()).toBeVisible();
  await expect(page.getByRole("row", { name: /Meshkeeper.*time is up/i }).first()).toBeVisible({ timeout: 60_000 });
});

const Overrides = z.object({
  result: z.object({
    data: z.array(z.object({ id: z.string(), spec: z.object({ expiresAtMs: z.int().nullable() }) })),
  }),
});

/** When an override ends, as it was published, Unix epoch, ms. */
async function endOf(request: APIRequestContext, id: string): Promise<number> {
  const answer = await request.get("/api/trpc/breakers.overrides");
  const { result } = Overrides.parse(await answer.json());
  const endsAtMs = result.data.find((row) => row.id === id)?.spec.expiresAtMs;
  if (typeof endsAtMs !== "number") throw new Error(`${id} is not there, or has no end`);
  return endsAtMs;
}
