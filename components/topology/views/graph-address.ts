import type { ViewState } from "#domain/saved-view.ts";
import { DEFAULT_LABELS, EDGE_FIGURES, type EdgeFigure } from "../model/graph-options.ts";

/** What of a view stands in the address: everything but where nodes are pinned. */
export type GraphState = Omit<ViewState, "pins">;

export const DEFAULT_STATE: GraphState = {
  find: "",
  hide: "",
  labels: [...DEFAULT_LABELS],
  gateways: false,
  configured: true,
  idle: true,
  grouped: true,
  asTable: false,
  expanded: [],
};

/** Names of the address's parameters, and what each of them says. */
export const PARAMETERS = {
  find: "find",
  hide: "hide",
  labels: "labels",
  gateways: "gateways",
  configured: "configured",
  idle: "idle",
  grouped: "grouped",
  asTable: "view",
  expanded: "open",
} as const satisfies Record<keyof GraphState, string>;

/** The words of a part of the state in the address; null: it is as usual, and needs none. */
export function wordsOf<Key extends keyof GraphState>(key: Key, state: Pick<GraphState, Key>): string | null {
  const value: GraphState[keyof GraphState] = state[key];
  if (typeof value === "string") return value === "" ? null : value;
  if (typeof value === "boolean") {
    if (key === "asTable") return value ? "table" : null;
    return value === DEFAULT_STATE[key] ? null : value ? "on" : "off";
  }
  if (key === "labels") {
    const words = value.length === 0 ? "none" : value.join(",");
    return words === DEFAULT_LABELS.join(",") ? null : words;
  }
  return value.length === 0 ? null : value.map(encodeURIComponent).join(",");
}

/** The state that an address says. What it says wrongly is as usual. */
export function stateOf(words: (parameter: string) => string | null): GraphState {
  const isOn = (key: "gateways" | "configured" | "idle" | "grouped"): boolean => {
    const word = words(PARAMETERS[key]);
    return word === "on" || (word !== "off" && DEFAULT_STATE[key]);
  };
  return {
    find: words(PARAMETERS.find) ?? "",
    hide: words(PARAMETERS.hide) ?? "",
    labels: labelsOf(words(PARAMETERS.labels)),
    gateways: isOn("gateways"),
    configured: isOn("configured"),
    idle: isOn("idle"),
    grouped: isOn("grouped"),
    asTable: words(PARAMETERS.asTable) === "table",
    expanded: idsOf(words(PARAMETERS.expanded)),
  };
}

function labelsOf(words: string | null): EdgeFigure[] {
  if (words === null) return [...DEFAULT_LABELS];
  const asked = words.split(",");
  return EDGE_FIGURES.filter((figure) => asked.includes(figure));
}

function idsOf(words: string | null): string[] {
  if (words === null) return [];
  try {
    return words
      .split(",")
      .map(decodeURIComponent)
      .filter((id) => id !== "");
  } catch {
    // Somebody shortened the address in the middle of a sign.
    return [];
  }
}
