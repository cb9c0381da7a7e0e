import { expect, test } from "../fixtures/mesh-test.ts";
import { quiet, recordedVisits, send } from "../fixtures/visits.ts";

test.afterEach(({ mesh }) => mesh.demo("load", "wave"));

test("under load the console is killed and the gateway restarted: no visit is missing on record, and none is there twice", async ({
  mesh,
  request,
}) => {
  test.setTimeout(240_000);
  const before = await quiet(mesh);
  await mesh.demo("load", "30");
  await send(mesh, 200);
  await mesh.command("console", "kill");
  await send(mesh, 300);
  await mesh.command("console", "start");
  await send(mesh, 200);
  await mesh.command("gateway", "stop");
  await mesh.command("gateway", "start");
  await send(mesh, 200);
  const after = await quiet(mesh);

  const answered = after.answered - before.answered;
  expect(answered).toBeGreaterThan(800);
  const recorded = (): Promise<number> => recordedVisits(request, before.atMs, after.atMs);
  await expect.poll(recorded, { timeout: 60_000 }).toBeGreaterThanOrEqual(Math.floor(answered * 0.98));
  expect(await recorded()).toBeLessThanOrEqual(Math.ceil(answered * 1.02));
});
