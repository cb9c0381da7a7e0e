import { useState } from "react";
import { formatErrors, formatRate } from "../../format/number.ts";
import { Button } from "../../ui/button.tsx";
import { SearchInput } from "../../ui/search-input.tsx";
import { HealthBadge } from "../health-badge.tsx";
import { HealthMark } from "../health-mark.tsx";
import { HEALTH_RANK } from "../health-style.ts";
import { figuresOf, mergeFigures } from "../model/figures.ts";
import type { ServiceGroup } from "../model/group-services.ts";
import { FiguresList } from "./figures-list.tsx";
import type { PanelProps } from "./panel-props.ts";

const SHOWN = 100;

/** Services drawn as one box: their sum, and each of them. */
export function GroupPanel({ group, onSelect, onExpand, expanded }: PanelProps & { group: ServiceGroup }) {
  const [search, setSearch] = useState("");
  const figures = mergeFigures(group.members.map(figuresOf));
  const found = group.members
    .filter(({ name }) => name.toLowerCase().includes(search.trim().toLowerCase()))
    .toSorted((a, b) => HEALTH_RANK[a.health] - HEALTH_RANK[b.health] || b.requestsPerSecond - a.requestsPerSecond);
  return (
    <>
      <div>
        <HealthBadge health={figures.health} />
        <p className="mt-1 text-ink-2">{group.note} drawn as one box, as the mesh has more than can be read.</p>
      </div>
      <Button
        size="sm"
        className="self-start"
        onClick={() => {
          onExpand(group.id);
        }}
      >
        {expanded.has(group.id) ? "Close the group" : "Open the group"}
      </Button>
      <FiguresList figures={figures} merged />
      <SearchInput label="Search the group" value={search} onChange={setSearch} />
      {found.length === 0 && <p className="text-ink-3">None has this name.</p>}
      <ul className="flex flex-col gap-1">
        {found.slice(0, SHOWN).map((node) => {
          return (
            <li key={node.id} className="flex items-center gap-2">
              <HealthMark health={node.health} />
              <button
                type="button"
                className="min-w-0 truncate text-accent hover:underline"
                onClick={() => {
                  onSelect(node.id);
                }}
              >
                {node.name}
              </button>
              <span className="ml-auto whitespace-nowrap text-ink-2">
                {formatRate(node.requestsPerSecond)} · {formatErrors(node)}
              </span>
            </li>
          );
        })}
      </ul>
      {found.length > SHOWN && (
        <p className="text-sm text-ink-3">{`${(found.length - SHOWN).toString()} more: search for them, or open the table.`}</p>
      )}
    </>
  );
}
