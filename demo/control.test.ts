import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Part } from "#platform/lifecycle.ts";
import { openControl } from "./control.ts";
import { ControlAddress, controlFile, type DemoStatus } from "./control-contract.ts";
import { DemoNotRunning, orderDemo } from "./order-demo.ts";
import { Troubles } from "./trouble.ts";

let folder = "";
let troubles: Troubles;
let control: Part;
const rates: (number | null)[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "demo-control-"));
  troubles = new Troubles();
  const load = { peakPerSecond: 5, sent: 1, succeeded: 1, failed: 0, unanswered: 0, leftOut: 0, inFlight: 0 };
  const status = (): DemoStatus => ({ services: troubles.list().map((entry) => ({ ...entry, instances: [] })), load });
  control = await openControl(folder, { troubles, load: { steady: (rate) => rates.push(rate) }, status });
});
afterEach(async () => {
  await control.stop();
  rmSync(folder, { recursive: true });
});

const address = (): ControlAddress => ControlAddress.parse(JSON.parse(readFileSync(controlFile(folder), "utf8")));

describe("the demo's control port", () => {
  it("does as ordered and answers how things are then", async () => {
    const broken = await orderDemo(folder, { order: "break", service: "payments" });
    expect(broken.services.find(({ service }) => service === "payments")?.trouble).toBe("break");
    expect(troubles.next("payments").kind).toBe("fail");
    await orderDemo(folder, { order: "slow", service: "inventory" });
    const healed = await orderDemo(folder, { order: "heal" });
    expect(healed.services.every(({ trouble }) => trouble === null)).toBe(true);
  });

  it("sets the load's rate", async () => {
    await orderDemo(folder, { order: "load", perSecond: 20 });
    await orderDemo(folder, { order: "load", perSecond: null });
    expect(rates.splice(0)).toEqual([20, null]);
  });

  it("refuses whoever does not know the token, which only this user can read", async () => {
    expect(statSync(controlFile(folder)).mode & 0o077).toBe(0);
    const response = await fetch(`http://127.0.0.1:${address().port}/`, {
      method: "POST",
      body: '{"order":"break","service":"payments"}',
    });
    expect(response.status).toBe(403);
    expect(troubles.next("payments").kind).toBe("none");
  });

  it("says that no demo runs when the file is missing, or left from one that was killed", async () => {
    await expect(orderDemo(join(folder, "elsewhere"), { order: "status" })).rejects.toThrow(DemoNotRunning);
    const left = JSON.stringify(address());
    await control.stop();
    writeFileSync(controlFile(folder), left);
    await expect(orderDemo(folder, { order: "status" })).rejects.toThrow(/not running/);
    rmSync(controlFile(folder));
  });
});
