/** What a turn of the wheel, or two fingers on a touchpad, ask for. */
export type WheelIntent =
  | { readonly kind: "zoom"; readonly factor: number }
  | { readonly kind: "pan"; readonly dx: number; readonly dy: number };

export interface WheelTurn {
  readonly deltaX: number;
  readonly deltaY: number;
  /** 0: px, 1: lines, 2: pages. */
  readonly deltaMode: number;
  readonly ctrlKey: boolean;
  readonly shiftKey: boolean;
  readonly timeStamp: number;
}

const PX_PER_LINE = 16;
const PX_PER_PAGE = 400;
/** Events that follow each other faster belong to one gesture. */
const ONE_GESTURE_MS = 180;

/**
 * Reads turns of the wheel. A wheel zooms; so does a pinch on a touchpad, which browsers tell as a turn with Ctrl held.
 * Two fingers that go sideways, and a wheel with Shift held, pan; what a gesture has begun with, it stays.
 */
export function createWheelReader(): (turn: WheelTurn) => WheelIntent {
  let kind: WheelIntent["kind"] = "zoom";
  let lastMs = -Infinity;
  return (turn) => {
    const unit = turn.deltaMode === 1 ? PX_PER_LINE : turn.deltaMode === 2 ? PX_PER_PAGE : 1;
    const isNew = turn.timeStamp - lastMs > ONE_GESTURE_MS;
    lastMs = turn.timeStamp;
    if (turn.ctrlKey) kind = "zoom";
    else if (isNew) kind = turn.shiftKey || Math.abs(turn.deltaX) > Math.abs(turn.deltaY) / 2 ? "pan" : "zoom";
    if (kind === "zoom") {
      const delta = Math.max(-240, Math.min(240, turn.deltaY * unit));
      return { kind, factor: Math.exp(-delta * (turn.ctrlKey ? 0.01 : 0.0016)) };
    }
    // Some systems swap the axes themselves while Shift is held, others do not.
    const swap = turn.shiftKey && turn.deltaX === 0;
    return { kind, dx: -(swap ? turn.deltaY : turn.deltaX) * unit, dy: swap ? 0 : -turn.deltaY * unit };
  };
}
