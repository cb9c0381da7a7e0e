import { expect, it } from "vitest";
import { RuntimeState } from "./runtime-state.ts";

it("gives back the room of last good replies with their command, or when no fallback asks for them any more", () => {
  const clock = { nowMs: () => 0, monotonicMs: () => 0 };
  const state = new RuntimeState(
    clock,
    new Map(),
    () => undefined,
    () => undefined,
  );
  const keeping = { ageMs: 0, ageLimitMs: Number.POSITIVE_INFINITY, forAll: true, chosenBy: [] };
  const large = { headers: [], body: Buffer.alloc(1_000_000), keeping, receivedMs: 0 };
  const going = state.replies("going");
  const staying = state.replies("staying");
  staying.keep("/", [], large);
  for (let index = 0; index < 22; index += 1) going.keep(String(index), [], large);
  state.forgetReplies("going");
  expect(state.replies("staying")).toBe(staying);
  expect(going.find("0", [], 0, 1)).toBeNull();
  for (let index = 0; index < 22; index += 1) staying.keep(String(index), [], large);
  expect(staying.find("/", [], 0, 1)).not.toBeNull();
});

it("still knows the open breakers from before a restart when it ends before any policy has come", () => {
  const clock = { nowMs: () => 10_000, monotonicMs: () => 0 };
  const open = { sinceEpochMs: 5000, untilEpochMs: 60_000, cause: "61 % of 214 calls failed", trips: 3, outage: null };
  const state = new RuntimeState(
    clock,
    new Map([["web->shop", open]]),
    () => undefined,
    () => undefined,
  );
  expect(state.save()).toEqual(new Map([["web->shop", open]]));
  state.retain({ commands: new Map(), routes: new Map() });
  expect(state.save()).toEqual(new Map());
});
