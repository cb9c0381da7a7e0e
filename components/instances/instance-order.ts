import type { InstanceRow } from "./instance-row.ts";

type SortValue = string | number;

/** What each column is sorted by. */
const COLUMNS = {
  id: ({ id }) => id,
  service: ({ service }) => service,
  address: ({ instance }) => `${instance.address}:${instance.port.toString()}`,
  protocol: ({ instance }) => instance.protocol,
  status: ({ stand }) => stand.kind,
  weight: ({ setting }) => setting.weight,
  since: ({ instance }) => instance.registeredAtMs,
  rate: ({ traffic }) => traffic?.requestsPerSecond ?? 0,
  errors: ({ traffic }) => traffic?.errorRatio ?? 0,
  p95: ({ traffic }) => traffic?.p95Ms ?? -1,
} as const satisfies Readonly<Record<string, (row: InstanceRow) => SortValue>>;
export type InstanceColumn = keyof typeof COLUMNS;

export interface InstanceOrder {
  readonly column: InstanceColumn;
  readonly descending: boolean;
}

// One for all: `localeCompare` with options costs thousands of rows a noticeable while.
const NAMES = new Intl.Collator("en", { numeric: true });

export function isInstanceColumn(text: string): text is InstanceColumn {
  return Object.hasOwn(COLUMNS, text);
}

/** Keys in the order of one column; equal ones by service and id. */
export function keysInOrder(rows: readonly InstanceRow[], { column, descending }: InstanceOrder): string[] {
  const sign = descending ? -1 : 1;
  const valueOf = COLUMNS[column];
  return rows
    .toSorted(
      (a, b) =>
        sign * compare(valueOf(a), valueOf(b)) || NAMES.compare(a.service, b.service) || NAMES.compare(a.id, b.id),
    )
    .map(({ key }) => key);
}

function compare(a: SortValue, b: SortValue): number {
  return typeof a === "number" && typeof b === "number" ? a - b : NAMES.compare(String(a), String(b));
}
