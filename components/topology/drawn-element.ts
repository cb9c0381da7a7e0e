import type { DrawnGraph } from "./model/build-graph.ts";

/** What of the mesh is meant: an id of the topology or of a part of it, and the service it is part of. */
export interface MeantElement {
  readonly element: string;
  readonly within: string;
}

/** The id under which an element is drawn: its own, that of its group or service, or of the arrow that stands for it. Null: it is not drawn. */
export function drawnElement(
  { model, placeOf, arrowsOf }: DrawnGraph,
  { element, within }: MeantElement,
): string | null {
  const isDrawn = (id: string): boolean =>
    model.nodes.some((node) => node.id === id) || model.edges.some((edge) => edge.id === id);
  if (isDrawn(element)) return element;
  const arrow = arrowsOf.get(element)?.[0];
  if (arrow !== undefined) return arrow;
  const place = placeOf.get(element) ?? placeOf.get(within);
  return place !== undefined && isDrawn(place) ? place : null;
}

/** Ids of all that is drawn for what a search found; null: nothing is searched for. */
export function drawnElements(graph: DrawnGraph, found: readonly string[] | null): ReadonlySet<string> | null {
  if (found === null) return null;
  return new Set(
    found.flatMap((id) => {
      const place = graph.placeOf.get(id);
      return place === undefined ? (graph.arrowsOf.get(id) ?? []) : [place];
    }),
  );
}

/** True when there is something in a drawn box: instances, or the members of a group. */
export function canOpen({ model, shown, groups }: DrawnGraph, id: string): boolean {
  return (
    groups.some((group) => group.id === id) ||
    (shown.nodes.find((node) => node.id === id)?.parts.length ?? 0) > 0 ||
    model.nodes.some((node) => node.id === id && node.kind === "subset")
  );
}
