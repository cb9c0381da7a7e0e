import type { GraphModel } from "../model/graph-model.ts";

function count(number: number, one: string, many: string): string {
  return `${number.toString()} ${number === 1 ? one : many}`;
}

/** The picture in one sentence, for those who do not see it: how much there is, what is wrong, and where all of it is said. */
export function pictureInWords({ nodes, edges }: GraphModel): string {
  const failing = nodes.filter(({ health }) => health === "failing").length;
  const degraded = nodes.filter(({ health }) => health === "degraded").length;
  const changes = [...nodes, ...edges].filter(({ change }) => change !== null).length;
  const wrong = [
    ...(failing === 0 ? [] : [`${failing.toString()} failing`]),
    ...(degraded === 0 ? [] : [`${degraded.toString()} degraded`]),
    ...(changes === 0 ? [] : [count(changes, "difference", "differences")]),
  ];
  const parts = [`${count(nodes.length, "node", "nodes")}, ${count(edges.length, "arrow", "arrows")}`, ...wrong];
  return `Drawing of the mesh: ${parts.join(", ")}. The table holds the same.`;
}
