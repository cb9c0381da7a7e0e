import { describe, expect, it } from "vitest";
import { BreakerPolicySpec } from "./breaker-policy.ts";

function faults(fallbacks: readonly object[]): [string, string][] {
  const target = { kind: "service", service: "payments" };
  const { error } = BreakerPolicySpec.safeParse({ target, settings: {}, fallbacks });
  return (error?.issues ?? []).map(({ path, message }) => [path.join("."), message]);
}

const backup = (service: string, labels = {}) => ({ kind: "service", service, labels });

describe("fallbacks", () => {
  it("may be all three kinds, the same service with other labels among them", () => {
    const two = [backup("spare", { zone: "a" }), backup("spare", { zone: "b" })];
    expect(faults([...two, { kind: "last-good" }, { kind: "fixed" }])).toEqual([]);
  });

  it("name a backup once, and never the service itself; the fault is at the one that is too many", () => {
    expect(faults([backup("spare"), { kind: "last-good" }, backup("spare")])).toEqual([
      ["fallbacks.2.service", "This backup is in the list already"],
    ]);
    expect(faults([backup("spare"), backup("payments")])).toEqual([
      ["fallbacks.1.service", "A service cannot be its own backup"],
    ]);
  });

  it("end with a fixed reply, and ask for the last good one once", () => {
    expect(faults([{ kind: "fixed" }, backup("spare")])).toHaveLength(1);
    expect(faults([{ kind: "last-good" }, { kind: "last-good" }])).toHaveLength(1);
  });
});
