import { seededRandom } from "#components/topology/layout/seeded-random.ts";
import type { LayoutEdge, LayoutNode } from "#components/topology/layout/layout-types.ts";

/** Size of a service's card in the console, px. */
const CARD = { width: 184, height: 76 };

/** A made-up mesh. */
export interface Mesh {
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly LayoutEdge[];
}

/**
 * A mesh as companies have them, the same for the same seed: tiers from the edge to the stores, each a few services wide at
 * the front and wider behind; most calls go to the next tiers, some services are hubs that many call, a few calls go back.
 * No two edges join the same pair in the same direction.
 */
export function meshOf(services: number, calls: number, seed: number): Mesh {
  const random = seededRandom(seed);
  const tiers = Math.max(3, Math.round(Math.log2(services)));
  const tierOf = Array.from({ length: services }, (_, node) =>
    node === 0 ? 0 : 1 + Math.floor(Math.sqrt((node - 1) / services) * (tiers - 1)),
  );
  const id = (node: number): string => `service-${node.toString()}`;
  const pairs = new Set<string>();
  const edges: LayoutEdge[] = [];
  const call = (from: number, to: number): void => {
    const key = `${id(from)}>${id(to)}`;
    if (from === to || pairs.has(key)) return;
    pairs.add(key);
    edges.push({ id: key, from: id(from), to: id(to) });
  };
  const caller = (node: number): number => {
    // Somebody one to three tiers nearer to the edge of the mesh; now and then of the same tier.
    const nearest = random() < 0.03 ? 0 : 1;
    let candidate = Math.floor(random() * node);
    for (let tries = 0; tries < 40; tries += 1) {
      const tiersUp = (tierOf[node] ?? 0) - (tierOf[candidate] ?? 0);
      if (tiersUp >= nearest && tiersUp <= 3) break;
      candidate = Math.floor(random() * node);
    }
    return candidate;
  };
  for (let node = 1; node < services; node += 1) call(caller(node), node);
  while (edges.length < calls) {
    const hub = random() < 0.25;
    const to = hub
      ? services - 1 - Math.floor(random() ** 2 * services * 0.1)
      : 1 + Math.floor(random() * (services - 1));
    const from = caller(to);
    if (random() < 0.02) call(to, from);
    else call(from, to);
  }
  return { nodes: Array.from({ length: services }, (_, node) => ({ id: id(node), ...CARD, parent: null })), edges };
}
