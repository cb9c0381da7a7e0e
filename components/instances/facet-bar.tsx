import { NativeSelect } from "../ui/input.tsx";
import { PickChip } from "../ui/pick-chip.tsx";
import { FACET_NAMES, FACET_ORDER, facetValues, type Facet, type FacetChoice } from "./instance-filter.ts";
import type { InstanceRow } from "./instance-row.ts";

interface FacetBarProps {
  readonly rows: readonly InstanceRow[];
  readonly choice: FacetChoice;
  readonly choose: (facet: Facet, value: string | null) => void;
}

/** More values than this are a list to choose from instead of chips. */
const CHIPS_MAX = 6;

/** Narrows the list by what instances have; what all have in common is not offered. */
export function FacetBar({ rows, choice, choose }: FacetBarProps) {
  return (
    <div className="mb-3 flex flex-wrap items-center gap-x-5 gap-y-2">
      {FACET_ORDER.map((facet) => {
        const values = facetValues(rows, facet, choice[facet]);
        if (values.length < 2 && choice[facet] === null) return null;
        return (
          <fieldset key={facet} className="flex flex-wrap items-center gap-1.5">
            <legend className="float-left mr-0.5 text-sm text-ink-3">{FACET_NAMES[facet]}</legend>
            {values.length > CHIPS_MAX ? (
              <NativeSelect
                aria-label={FACET_NAMES[facet]}
                className="w-auto max-w-48"
                value={choice[facet] ?? ""}
                onChange={(event) => {
                  choose(facet, event.target.value === "" ? null : event.target.value);
                }}
              >
                <option value="">Any</option>
                {values.map(({ value, label, count }) => (
                  <option key={value} value={value}>{`${label} (${count.toLocaleString("en")})`}</option>
                ))}
              </NativeSelect>
            ) : (
              values.map(({ value, label, count }) => (
                <PickChip
                  key={value}
                  size="md"
                  label={label}
                  count={count}
                  chosen={choice[facet] === value}
                  onPick={() => {
                    choose(facet, choice[facet] === value ? null : value);
                  }}
                />
              ))
            )}
          </fieldset>
        );
      })}
    </div>
  );
}
