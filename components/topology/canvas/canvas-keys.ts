import type { Drawing } from "./drawing.ts";

/** Px of the view that an arrow key moves it by. */
const STEP = 60;

/** What a key does to the view while the drawing has the focus; false when it means nothing here. */
export function viewByKey(drawing: Drawing, key: string): boolean {
  switch (key) {
    case "+":
    case "=":
      drawing.zoom(1.25);
      return true;
    case "-":
    case "_":
      drawing.zoom(0.8);
      return true;
    case "0":
      drawing.showAll();
      return true;
    case "ArrowLeft":
      drawing.pan(STEP, 0);
      return true;
    case "ArrowRight":
      drawing.pan(-STEP, 0);
      return true;
    case "ArrowUp":
      drawing.pan(0, STEP);
      return true;
    case "ArrowDown":
      drawing.pan(0, -STEP);
      return true;
    default:
      return false;
  }
}
