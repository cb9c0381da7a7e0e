import { layoutGraph } from "#components/topology/layout/layout-graph.ts";
import type { BenchCase } from "../harness.ts";
import { median } from "../measure.ts";
import { drawnCrossings, lengthAndBends } from "./layout-crossings.ts";
import { drawWithElk, type ElkDrawing } from "./layout-elk.ts";
import { meshOf, type Mesh } from "./layout-mesh.ts";

const SEED = 7;
/** Services, calls, and how often elk draws them: it needs half a minute and more for the last. */
const BESIDE_ELK = [
  [100, 500, 3],
  [500, 2_000, 1],
  [1_000, 5_000, 1],
] as const;
const ALONE = [10_000, 50_000] as const;
const ROUNDS = 15;

/**
 * Our layout beside elk's layered one, both in this process, on made-up meshes: time, and how good the drawings are by the
 * same counts on the edges as drawn. Half of our rounds before elk's, half after, so that a busy machine slows down both.
 */
export async function layoutCases(): Promise<BenchCase[]> {
  const cases: BenchCase[] = [];
  for (const [services, calls, elkRounds] of BESIDE_ELK) {
    const mesh = meshOf(services, calls, SEED);
    const ours = [...timeOurs(mesh, Math.ceil(ROUNDS / 2))];
    const theirs: ElkDrawing[] = [];
    for (let round = 0; round < elkRounds; round += 1) theirs.push(await drawWithElk(mesh));
    ours.push(...timeOurs(mesh, Math.floor(ROUNDS / 2)));
    cases.push(...casesOf(`${services.toString()}/${calls.toString()}`, mesh, median(ours), theirs));
  }
  const [services, calls] = ALONE;
  const largest = timeOurs(meshOf(services, calls, SEED), 3);
  cases.push(ms(`layout ${services.toString()}/${calls.toString()}`, median(largest), {}));
  return cases;
}

function casesOf(size: string, mesh: Mesh, ourMs: number, elk: readonly ElkDrawing[]): readonly BenchCase[] {
  const ways = [...draw(mesh).edges.values()];
  const theirWays = elk[0]?.ways ?? [];
  const [own, their] = [lengthAndBends(ways), lengthAndBends(theirWays)];
  const count = (name: string, unit: string, ours: number, theirs: number): BenchCase => ({
    name: `${name} ${size}`,
    unit,
    better: "lower",
    ours,
    peers: { elk: theirs },
  });
  return [
    ms(`layout ${size}`, ourMs, { elk: median(elk.map((drawing) => drawing.ms)) }),
    count("crossings", "crossings", drawnCrossings(ways), drawnCrossings(theirWays)),
    count("edge length", "1,000 px", own.length / 1000, their.length / 1000),
    count("bends", "bends", own.bends, their.bends),
  ];
}

const ms = (name: string, ours: number, peers: Readonly<Record<string, number>>): BenchCase => ({
  name,
  unit: "ms",
  better: "lower",
  ours,
  peers,
});

const draw = ({ nodes, edges }: Mesh): ReturnType<typeof layoutGraph> =>
  layoutGraph({ nodes, edges, pins: new Map(), previous: null });

function timeOurs(mesh: Mesh, rounds: number): number[] {
  return Array.from({ length: rounds }, () => {
    const started = performance.now();
    draw(mesh);
    return performance.now() - started;
  });
}
