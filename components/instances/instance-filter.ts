import { STAND_STYLES } from "../breakers/instance-stand.ts";
import type { InstanceRow } from "./instance-row.ts";

/** What a list can be narrowed by; each is a parameter of the address by its own name. */
const FACETS = {
  status: ({ stand }) => stand.kind,
  protocol: ({ instance }) => instance.protocol,
  zone: ({ instance }) => labelOf(instance.metadata, "zone"),
  version: ({ instance }) => labelOf(instance.metadata, "version"),
} as const satisfies Readonly<Record<string, (row: InstanceRow) => string | null>>;
export type Facet = keyof typeof FACETS;

export const FACET_NAMES: Readonly<Record<Facet, string>> = {
  status: "Status",
  protocol: "Protocol",
  zone: "Zone",
  version: "Version",
};
export const FACET_ORDER: readonly Facet[] = ["status", "protocol", "zone", "version"];

/** One value of each facet at most; null: any. */
export type FacetChoice = Readonly<Record<Facet, string | null>>;

/** A value some instances have. */
export interface FacetValue {
  readonly value: string;
  readonly label: string;
  readonly count: number;
}

/** Whether an instance has all that was chosen. */
export function hasFacets(row: InstanceRow, choice: FacetChoice): boolean {
  return FACET_ORDER.every((facet) => choice[facet] === null || FACETS[facet](row) === choice[facet]);
}

const NAMES = new Intl.Collator("en", { numeric: true });

/** Values there are, with how many instances have each; one that was chosen is among them even if none has it now. */
export function facetValues(rows: readonly InstanceRow[], facet: Facet, chosen: string | null): FacetValue[] {
  const counts = new Map<string, number>(chosen === null ? [] : [[chosen, 0]]);
  for (const row of rows) {
    const value = FACETS[facet](row);
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const label = (value: string): string => (facet === "status" ? wordOf(value) : value);
  return [...counts]
    .map(([value, count]) => ({ value, label: label(value), count }))
    .toSorted((a, b) => NAMES.compare(a.label, b.label));
}

/** What a search looks at. */
export function searchWords({ service, id, instance, labels }: InstanceRow): readonly string[] {
  return [service, id, `${instance.address}:${instance.port.toString()}`, instance.protocol, labels];
}

function wordOf(kind: string): string {
  return new Map<string, { readonly word: string }>(Object.entries(STAND_STYLES)).get(kind)?.word ?? kind;
}

function labelOf(metadata: Readonly<Record<string, string>>, key: string): string | null {
  return (Object.hasOwn(metadata, key) ? metadata[key] : undefined) ?? null;
}
