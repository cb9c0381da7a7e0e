import { describe, expect, it } from "vitest";
import { keepKeys } from "./kept-keys.ts";

const EDIT = ["routes.update", { id: "a", expectedVersion: 3, spec: {} }] as const;
const DRAIN = ["services.changeInstances", { changes: [] }] as const;

function bench() {
  let made = 0;
  const clock = { nowMs: 0 };
  const keys = keepKeys(
    () => `key-${(made += 1).toString()}`,
    () => clock.nowMs,
  );
  return { keys, clock };
}

describe("the key of a request whose outcome is not known", () => {
  it("is taken again when a person asks for the same, until its outcome is known", () => {
    const { keys } = bench();
    const key = keys.keyFor(...EDIT);
    keys.doubtful(...EDIT, key);
    expect(keys.keyFor(...EDIT)).toBe(key);
    expect(keys.keyFor(EDIT[0], { ...EDIT[1], expectedVersion: 4 })).not.toBe(key);
    keys.settled(...EDIT);
    expect(keys.keyFor(...EDIT)).not.toBe(key);
  });

  it("is not kept for long, nor for what may be meant twice in the same words", () => {
    const { keys, clock } = bench();
    keys.doubtful(...EDIT, "old");
    clock.nowMs = 120_000;
    expect(keys.keyFor(...EDIT)).not.toBe("old");
    keys.doubtful(...DRAIN, "drained");
    expect(keys.keyFor(...DRAIN)).not.toBe("drained");
    keys.doubtful("routes.create", { id: "a" }, "made");
    expect(keys.keyFor("routes.create", { id: "a" })).toBe("made");
  });

  it("is not that of making anew what was made after all, and removed", () => {
    const { keys } = bench();
    const made = { id: "a", spec: {} };
    keys.doubtful("routes.create", made, "made");
    keys.settled("breakers.remove", { id: "a", expectedVersion: 1 });
    expect(keys.keyFor("routes.create", made)).toBe("made");
    keys.settled("routes.remove", { id: "a", expectedVersion: 1 });
    expect(keys.keyFor("routes.create", made)).not.toBe("made");
  });
});
