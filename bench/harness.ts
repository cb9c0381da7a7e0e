import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Medians } from "./measure.ts";

/** One thing that was measured: ours beside its peers, in one run. */
export interface BenchCase extends Medians {
  readonly name: string;
  /** Of all its figures: "requests/s", "ms", "MB". */
  readonly unit: string;
  readonly better: "higher" | "lower";
  /** Says how ours does against each peer, too, and not only against the best. */
  readonly eachPeer?: boolean;
}

/** Peers that were measured for information (no limit to beat) leave the ratio at null. */
interface ResultCase {
  readonly name: string;
  readonly ours: number;
  readonly peers: Readonly<Record<string, number>>;
  readonly unit: string;
  /** How many times better ours is than the best peer: above 1 ours is better, below 1 it is worse. Null without peers. */
  readonly ratio: number | null;
  /** The same against each peer, where the case asks for it. */
  readonly ratios?: Readonly<Record<string, number>>;
}

/**
 * How many times better ours is than the best of its peers, whichever way is better: ours / peer where higher is, peer /
 * ours where lower is. 1 is a draw, 2 is twice as fast (or half as long). Null when there is no peer.
 */
export function ratioOf({ ours, peers, better }: BenchCase): number | null {
  const figures = Object.values(peers);
  if (figures.length === 0) return null;
  return better === "higher" ? ours / Math.max(...figures) : Math.min(...figures) / ours;
}

/** Ours against each peer, as `ratioOf` has it for the best. */
function ratiosOf({ ours, peers, better }: BenchCase): Record<string, number> {
  return Object.fromEntries(
    Object.entries(peers).map(([name, theirs]) => [name, better === "higher" ? ours / theirs : theirs / ours]),
  );
}

/**
 * Prints a table of the cases and writes them to bench/results/<area>.json, where they replace those of the last run.
 * `folder` and `print` are for tests.
 */
export async function report(
  area: string,
  cases: readonly BenchCase[],
  folder: string = join(import.meta.dirname, "results"),
  print: (text: string) => void = (text) => void process.stdout.write(text),
): Promise<void> {
  printCases(area, cases, print);
  await mkdir(folder, { recursive: true });
  const document = { measuredAt: new Date().toISOString(), cases: cases.map(resultOf) };
  await writeFile(join(folder, `${area}.json`), `${JSON.stringify(document, null, 2)}\n`);
}

/** Prints the table alone: of a run that must not replace the last one's results. */
export function printCases(
  area: string,
  cases: readonly BenchCase[],
  print: (text: string) => void = (text) => void process.stdout.write(text),
): void {
  print(tableOf(area, cases.map(resultOf)));
}

function resultOf(one: BenchCase): ResultCase {
  const { name, ours, peers, unit, eachPeer = false } = one;
  return { name, ours, peers, unit, ratio: ratioOf(one), ...(eachPeer && { ratios: ratiosOf(one) }) };
}

function tableOf(area: string, results: readonly ResultCase[]): string {
  const peers = [...new Set(results.flatMap((result) => Object.keys(result.peers)))];
  const rows = [
    [area, "ours", ...peers, "unit", "ratio"],
    ...results.map(({ name, ours, unit, ratio, ...result }) => [
      name,
      figure(ours),
      ...peers.map((peer) => `${figure(result.peers[peer])}${against(result.ratios?.[peer])}`),
      unit,
      ratio === null ? "" : ratio.toFixed(2),
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0, column))
      .join("  ")
      .trimEnd(),
  );
  const legend = "ratio: how many times better than the best peer";
  const each = results.some(({ ratios }) => ratios !== undefined) ? "; in brackets: than that peer" : "";
  return `\n${lines.join("\n")}\n${legend}${each}\n`;
}

/** Names to the left, figures to the right. */
const pad = (cell: string, width: number, column: number): string =>
  column === 0 ? cell.padEnd(width) : cell.padStart(width);

const against = (ratio: number | undefined): string => (ratio === undefined ? "" : ` (${ratio.toFixed(2)})`);

/** Four significant digits, or all of the integer part. */
function figure(value: number | undefined): string {
  if (value === undefined) return "";
  return value >= 1000 ? Math.round(value).toString() : String(Number(value.toPrecision(4)));
}
