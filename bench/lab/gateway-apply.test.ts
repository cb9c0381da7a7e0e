import { expect, it } from "vitest";
import { GatewayUnderEdits } from "./gateway-apply.ts";

it("each edit is in force, and on the disk after that", async () => {
  const gateway = await GatewayUnderEdits.open(20);
  try {
    for (let edit = 1; edit <= 30; edit += 1) {
      const { appliedMs, durableMs } = await gateway.edit();
      expect(gateway.current().revision).toBe(20 + edit);
      expect(gateway.refused()).toEqual([]);
      expect(appliedMs).toBeGreaterThan(0);
      expect(durableMs).toBeGreaterThan(appliedMs);
    }
    expect(gateway.current().routes.size).toBe(20);
  } finally {
    await gateway.stop();
  }
});

it("each instance that comes gets requests at once, and none when it is gone", async () => {
  const gateway = await GatewayUnderEdits.open(20);
  try {
    for (let turn = 1; turn <= 25; turn += 1) {
      const service = `service-${(turn * 7919) % 20}`;
      expect(gateway.membersOf(service)).toBe(1);
      expect(gateway.instanceComes()).toBeGreaterThan(0);
      expect(gateway.membersOf(service)).toBe(2);
      expect(gateway.instanceGoes()).toBeGreaterThan(0);
      expect(gateway.membersOf(service)).toBe(1);
    }
  } finally {
    await gateway.stop();
  }
});
