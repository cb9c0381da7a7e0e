import { describe, expect, it } from "vitest";
import { createWheelReader, type WheelTurn } from "./wheel.ts";

function turn(over: Partial<WheelTurn>): WheelTurn {
  return { deltaX: 0, deltaY: 0, deltaMode: 0, ctrlKey: false, shiftKey: false, timeStamp: 0, ...over };
}

describe("the wheel", () => {
  it("zooms in when turned away, out when turned towards one", () => {
    const read = createWheelReader();
    expect(read(turn({ deltaY: -120 }))).toMatchObject({ kind: "zoom" });
    const [nearer, further] = [turn({ deltaY: -120 }), turn({ deltaY: 120 })].map(createWheelReader());
    expect(nearer?.kind === "zoom" && nearer.factor > 1).toBe(true);
    expect(further?.kind === "zoom" && further.factor < 1).toBe(true);
  });

  it("zooms about as far for a notch that is told in lines as for one in px", () => {
    const lines = createWheelReader()(turn({ deltaY: 6, deltaMode: 1 }));
    const px = createWheelReader()(turn({ deltaY: 96 }));
    expect(lines).toEqual(px);
  });

  it("pans by two fingers that go sideways, and stays with that until they rest", () => {
    const read = createWheelReader();
    expect(read(turn({ deltaX: 30, deltaY: 4 }))).toEqual({ kind: "pan", dx: -30, dy: -4 });
    expect(read(turn({ deltaX: 1, deltaY: 40, timeStamp: 20 }))).toMatchObject({ kind: "pan" });
    expect(read(turn({ deltaX: 0, deltaY: 40, timeStamp: 900 }))).toMatchObject({ kind: "zoom" });
  });

  it("zooms by a pinch, which comes as a turn with Ctrl held, even amid a pan", () => {
    const read = createWheelReader();
    read(turn({ deltaX: 30 }));
    expect(read(turn({ deltaX: 5, deltaY: 3, ctrlKey: true, timeStamp: 16 }))).toMatchObject({ kind: "zoom" });
  });

  it("pans sideways by a wheel with Shift held, however the system tells it", () => {
    expect(createWheelReader()(turn({ deltaY: 100, shiftKey: true }))).toEqual({ kind: "pan", dx: -100, dy: 0 });
    expect(createWheelReader()(turn({ deltaX: 100, shiftKey: true }))).toMatchObject({ kind: "pan", dx: -100 });
  });
});
