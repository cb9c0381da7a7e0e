import type { TreeRow } from "./tree-row.ts";

/** What a key does in the tree grid. */
export type TreeAction =
  | { readonly kind: "move"; readonly to: number }
  | { readonly kind: "open"; readonly key: string }
  | { readonly kind: "close"; readonly key: string }
  | { readonly kind: "open-siblings"; readonly keys: readonly string[] }
  /** Go to the service at the other end of a call. */
  | { readonly kind: "follow"; readonly node: string }
  | { readonly kind: "select"; readonly element: string }
  /** Open or close it in the drawing. */
  | { readonly kind: "expand"; readonly element: string };

/** Rows that Page Up and Page Down move by. */
const PAGE = 10;

interface Pressed {
  readonly key: string;
  readonly shiftKey: boolean;
}

/**
 * The action of a key at a row, by the tree grid pattern of ARIA (rows take the focus), and beyond it: Right on a call
 * follows it, Shift+Enter opens the row in the drawing. Null: the key means nothing here.
 */
export function treeAction(rows: readonly TreeRow[], at: number, pressed: Pressed): TreeAction | null {
  const row = rows[at];
  if (row === undefined) return null;
  switch (pressed.key) {
    case "ArrowDown":
      return moved(rows, at, at + 1);
    case "ArrowUp":
      return moved(rows, at, at - 1);
    case "PageDown":
      return moved(rows, at, at + PAGE);
    case "PageUp":
      return moved(rows, at, at - PAGE);
    case "Home":
      return moved(rows, at, 0);
    case "End":
      return moved(rows, at, rows.length - 1);
    case "ArrowRight":
      return rightwards(row, at);
    case "ArrowLeft":
      return leftwards(rows, row);
    case "*":
      return {
        kind: "open-siblings",
        keys: rows.filter((other) => other.parent === row.parent && other.open === false).map(({ key }) => key),
      };
    case "Enter":
    case " ":
      return { kind: pressed.shiftKey ? "expand" : "select", element: row.element };
    default:
      return null;
  }
}

function moved(rows: readonly TreeRow[], at: number, wanted: number): TreeAction | null {
  const to = Math.min(rows.length - 1, Math.max(0, wanted));
  return to === at ? null : { kind: "move", to };
}

function rightwards(row: TreeRow, at: number): TreeAction | null {
  if (row.leadsTo !== null) return { kind: "follow", node: row.leadsTo };
  if (row.open === false) return { kind: "open", key: row.key };
  return row.open === true ? { kind: "move", to: at + 1 } : null;
}

function leftwards(rows: readonly TreeRow[], row: TreeRow): TreeAction | null {
  if (row.open === true) return { kind: "close", key: row.key };
  const parent = rows.findIndex(({ key }) => key === row.parent);
  return parent === -1 ? null : { kind: "move", to: parent };
}

/** The next row from `at` on, round the end, whose label begins with what was typed; -1 when none does. */
export function typedRow(rows: readonly TreeRow[], at: number, typed: string): number {
  const words = typed.toLowerCase();
  // A letter alone goes on to the next row; more of the same word stays at the row it has found.
  const first = typed.length === 1 ? 1 : 0;
  for (let step = first; step < rows.length + first; step += 1) {
    const index = (at + step) % rows.length;
    if (rows[index]?.label.toLowerCase().startsWith(words) === true) return index;
  }
  return -1;
}
