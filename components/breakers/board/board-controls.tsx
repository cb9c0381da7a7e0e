"use client";

import { LayoutGrid, Rows3 } from "lucide-react";
import { NativeSelect } from "../../ui/input.tsx";
import { SearchInput } from "../../ui/search-input.tsx";
import { SegmentedControl } from "../../ui/segmented-control.tsx";
import { GROUPS, SHOW, SORTS } from "./board-rows.ts";
import type { BoardAddress } from "./use-board-address.ts";

interface BoardSearchProps {
  readonly address: BoardAddress;
  readonly text: string;
  readonly onText: (text: string) => void;
}

const VIEWS = [
  { value: "tiles", label: "Tiles", icon: LayoutGrid },
  { value: "table", label: "Table", icon: Rows3 },
];

/** Looks for some, and chooses how they are drawn. */
export function BoardSearch({ address, text, onText }: BoardSearchProps) {
  return (
    <>
      <SearchInput label="Search breakers" value={text} onChange={onText} />
      <SegmentedControl label="View" options={VIEWS} value={address.view} onChange={address.setView} />
    </>
  );
}

/** What is shown, in which order, under which headings. */
export function BoardControls({ address }: { address: BoardAddress }) {
  return (
    <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
      <SegmentedControl
        label="Show"
        options={Object.entries(SHOW).map(([value, label]) => ({ value, label }))}
        value={address.show}
        onChange={address.setShow}
      />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Choice label="Sort by" choices={SORTS} value={address.sort} onChange={address.setSort} />
        <Choice label="Group by" choices={GROUPS} value={address.group} onChange={address.setGroup} />
      </div>
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly choices: Readonly<Record<string, string>>;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Choice({ label, choices, value, onChange }: ChoiceProps) {
  return (
    <label className="flex items-center gap-1.5 text-ink-2">
      <span className="whitespace-nowrap">{label}</span>
      <NativeSelect
        className="w-auto"
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      >
        {Object.entries(choices).map(([choice, words]) => (
          <option key={choice} value={choice}>
            {words}
          </option>
        ))}
      </NativeSelect>
    </label>
  );
}
