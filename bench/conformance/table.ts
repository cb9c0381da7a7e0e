import type { Verdict } from "#domain/conformance/play-scenario.ts";
import { LIBRARIES, type Row } from "./compare.ts";

const BEGIN = "<!-- conformance: written by `npm run conformance -- --write` -->";
const END = "<!-- end of conformance -->";

/** The comparison as Markdown: sums by concern, what was seen where something fails, and every scenario. */
export function conformanceTable(rows: readonly Row[]): string {
  return [sums(rows), ...LIBRARIES.slice(1).map((_, at) => failures(rows, at + 1)), ...everyScenario(rows)].join(
    "\n\n",
  );
}

/** `document` with the table in it, between its markers. */
export function withTable(document: string, table: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`The document has no ${BEGIN} … ${END}.`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${document.slice(end)}`;
}

/** What a document's table says of ours, by scenario. */
export function documentedVerdicts(document: string): Map<string, string> {
  const table = document.slice(document.indexOf(BEGIN), document.indexOf(END));
  const rows = [...table.matchAll(/^\| `([a-z0-9-]+)` \| .* \| (\w+) \| (?:\w+) \| (?:\w+) \|$/gm)];
  return new Map(rows.map(([, id = "", ours = ""]) => [id, ours]));
}

function sums(rows: readonly Row[]): string {
  const groups = [...new Set(rows.map(({ group }) => group))];
  const lines = groups.map((group) =>
    sumLine(
      group,
      rows.filter((row) => row.group === group),
    ),
  );
  return [
    `| holds / fails / cannot | ${LIBRARIES.join(" | ")} |`,
    `|---|${LIBRARIES.map(() => "---|").join("")}`,
    ...lines,
    sumLine("**all**", rows),
  ].join("\n");
}

function sumLine(name: string, rows: readonly Row[]): string {
  const cells = LIBRARIES.map((_, at) => {
    const count = (kind: Verdict["kind"]): number => rows.filter(({ verdicts }) => verdicts[at]?.kind === kind).length;
    return `${count("holds")} / ${count("fails")} / ${count("cannot")}`;
  });
  return `| ${name} | ${cells.join(" | ")} |`;
}

function failures(rows: readonly Row[], at: number): string {
  const lines = rows.flatMap(({ scenario, verdicts }) => {
    const verdict = verdicts[at];
    return verdict?.kind === "fails" ? [`* \`${scenario.id}\`: ${verdict.seen}`] : [];
  });
  return [`What was seen of ${LIBRARIES[at]} where it fails:`, "", ...(lines.length === 0 ? ["nothing"] : lines)].join(
    "\n",
  );
}

function everyScenario(rows: readonly Row[]): string[] {
  const groups = [...new Set(rows.map(({ group }) => group))];
  return groups.map((group) =>
    [
      `### ${group}`,
      "",
      `| | rule | source | ${LIBRARIES.join(" | ")} |`,
      `|---|---|---|${LIBRARIES.map(() => "---|").join("")}`,
      ...rows.filter((row) => row.group === group).map(scenarioLine),
    ].join("\n"),
  );
}

function scenarioLine({ scenario, verdicts }: Row): string {
  const { id, title, source } = scenario;
  const hystrix =
    "hystrix" in scenario && scenario.hystrix !== undefined
      ? `. Hystrix 1.5.18: ${scenario.hystrix["1.5.18"]}; master: ${scenario.hystrix.master}`
      : "";
  return `| \`${id}\` | ${title} | ${source}${hystrix} | ${verdicts.map(({ kind }) => kind).join(" | ")} |`;
}
