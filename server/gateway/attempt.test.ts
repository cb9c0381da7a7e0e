import { beforeEach, describe, expect, it } from "vitest";
import { DEFAULT_BREAKER_SETTINGS } from "#domain/breaker-policy.ts";
import { GatewayWindows } from "#telemetry/gateway-windows.ts";
import { Attempt } from "./attempt.ts";
import { Command } from "./command.ts";
import { InstanceState, ServiceState } from "./instance-state.ts";
import type { PoolMember, Target } from "./mesh.ts";

let nowMs: number;
const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
let windows: GatewayWindows;
let command: Command;
let a: PoolMember;
let b: PoolMember;
let first: Attempt;

beforeEach(() => {
  nowMs = 1000;
  windows = new GatewayWindows({ gatewayId: "gw", run: "run", startMs: nowMs });
  const settings = { ...DEFAULT_BREAKER_SETTINGS, requestVolumeThreshold: 1, errorThresholdPercent: 1 };
  command = new Command("it->cart", "it", "cart", settings, clock, () => undefined);
  const guard = { command, group: "cart", settings, overrides: [], fails: () => false, fallbacks: [], lastGood: null };
  const target: Target = { guard, service: "cart", subset: "", pool: "cart", asFallback: false };
  const service = new ServiceState("cart");
  [a, b] = [memberOf(service, "a"), memberOf(service, "b")];
  first = new Attempt(
    target,
    command.breaker.acquire(nowMs, null),
    nowMs,
    { caller: "x", routeId: "it" },
    windows,
    clock,
  );
});

function memberOf(service: ServiceState, id: string): PoolMember {
  const instance = { id, service: "cart", address: "10.0.0.1", port: 80, tls: false, origin: `http://${id}` };
  return { instance, state: new InstanceState(service, id, 0), weight: 100, local: false };
}

const edges = (): Record<string, unknown> =>
  Object.fromEntries(windows.close(nowMs, []).edges.map(({ instance, counts }) => [instance, counts]));
const standing = () => ({
  state: command.breaker.state.kind,
  inFlight: command.breaker.inFlight,
  counted: command.calls.take().counts,
});

describe("the tries of a call", () => {
  it("that could not connect and was made again elsewhere is one success at the breaker, and both on their edges", () => {
    first.use(a);
    nowMs += 5;
    const second = first.again("unreachable");
    expect(second.tried).toEqual([a]);
    expect([a.state.inFlight, command.breaker.inFlight]).toEqual([0, 1]);
    second.use(b);
    nowMs += 5;
    second.heard(nowMs);
    second.settle("success");
    second.release(100);
    expect(standing()).toEqual({ state: "closed", inFlight: 0, counted: { success: 1 } });
    expect(edges()).toEqual({ a: { unreachable: 1 }, b: { success: 1 } });
    expect([a.state.inFlight, b.state.inFlight]).toEqual([0, 0]);
  });

  it("answered with a failure that is replaced never comes to the breaker, whenever its answer ends", () => {
    first.use(a);
    first.hold();
    first.settle("failure");
    const second = first.again(null);
    second.use(b);
    second.settle("success");
    second.release(0);
    expect([a.state.inFlight, command.breaker.inFlight]).toEqual([1, 0]);
    first.release(0);
    expect(a.state.inFlight).toBe(0);
    expect(standing()).toEqual({ state: "closed", inFlight: 0, counted: { success: 1 } });
    expect(edges()).toEqual({ a: { failure: 1 }, b: { success: 1 } });
  });

  it("answered with a failure that stands counts once that is decided, with its place given back", () => {
    first.use(a);
    first.hold();
    first.settle("failure");
    first.release(7);
    expect(command.breaker.inFlight).toBe(1);
    expect(command.breaker.state.kind).toBe("closed");
    first.stand();
    first.stand();
    expect(standing()).toEqual({ state: "open", inFlight: 0, counted: { failure: 1 } });
    expect(edges()).toEqual({ a: { failure: 1 } });
  });

  it("each take their own time on their edge; the call takes all of it", () => {
    first.use(a);
    nowMs += 400;
    const second = first.again("timeout");
    second.use(b);
    nowMs += 100;
    second.settle("success");
    const [, onB] = windows.close(nowMs, []).edges.map(({ latency }) => latency);
    const call = command.calls.take().latency;
    expect(onB).not.toEqual(call);
    expect([onB?.length, call.length]).toEqual([1, 1]);
    expect(second.startedMs).toBe(1000);
  });
});

describe("whether a call is slow", () => {
  /** At a breaker for which 500 ms are, and which never opens. */
  function slowly(): Attempt {
    const settings = { ...DEFAULT_BREAKER_SETTINGS, enabled: false, slowCallMs: 500 };
    command = new Command("it->cart", "it", "cart", settings, clock, () => undefined);
    const guard = { ...first.target.guard, command, settings };
    const permit = command.breaker.acquire(nowMs, null);
    command.admitted();
    return new Attempt({ ...first.target, guard }, permit, nowMs, { caller: "x", routeId: "it" }, windows, clock);
  }
  const sums = (): number[] => {
    const { waiting, slow, total } = command.breaker.window(nowMs);
    return [waiting, slow, total];
  };

  it("is decided by when its head came: until then it waits, and its body takes as long as it takes", () => {
    const attempt = slowly();
    nowMs += 600;
    expect(sums()).toEqual([1, 0, 0]);
    attempt.heard(nowMs);
    expect(sums()).toEqual([0, 0, 0]);
    nowMs += 5000;
    attempt.settle("success");
    expect(sums()).toEqual([0, 1, 1]);
    const quick = slowly();
    quick.heard((nowMs += 20));
    nowMs += 5000;
    quick.settle("success");
    expect(sums()).toEqual([0, 0, 1]);
  });

  it("takes all its tries together: an answer that is replaced ends no waiting", () => {
    const attempt = slowly();
    attempt.use(a);
    attempt.hold();
    attempt.heard((nowMs += 300));
    attempt.settle("failure");
    const second = attempt.again(null);
    second.hold();
    nowMs += 300;
    expect(sums()).toEqual([1, 0, 0]);
    second.use(b);
    second.heard(nowMs);
    expect(sums()).toEqual([1, 0, 0]);
    second.stand();
    expect(sums()).toEqual([0, 0, 0]);
    second.settle("success");
    expect(sums()).toEqual([0, 1, 1]);
  });

  it("does not depend on how long the caller takes to send", () => {
    const attempt = slowly();
    attempt.uploading();
    nowMs += 10_000;
    expect(sums()).toEqual([0, 0, 0]);
    attempt.uploaded(nowMs);
    attempt.heard((nowMs += 499));
    attempt.settle("success");
    expect(sums()).toEqual([0, 0, 1]);
    const late = slowly();
    late.uploading();
    late.uploaded((nowMs += 10_000));
    late.heard((nowMs += 500));
    late.settle("success");
    expect(sums()).toEqual([0, 1, 1]);
  });

  it("is left open by a caller that goes away, with nobody waiting afterwards", () => {
    const attempt = slowly();
    nowMs += 600;
    attempt.settle("abandoned");
    attempt.release(0);
    expect([sums(), command.breaker.inFlight, command.takeMaxInFlight(), command.takeMaxInFlight()]).toEqual([
      [0, 0, 0],
      0,
      1,
      0,
    ]);
  });
});
