"use client";

import { Scale } from "lucide-react";
import { useState } from "react";
import { DiffTable } from "../../diff/diff-table.tsx";
import { diffValues } from "../../diff/diff-values.ts";
import { plainText } from "../../diff/plain-text.ts";
import { Badge } from "../../ui/badge.tsx";
import { ShowAllButton } from "../../ui/show-all-button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { NativeSelect } from "../../ui/input.tsx";
import { SearchInput } from "../../ui/search-input.tsx";
import { useTextFilter } from "../../ui/use-text-filter.ts";
import { useUrlState } from "../../ui/use-url-state.ts";
import { counted } from "../counted.ts";
import { policyPlace } from "../policy-place.ts";
import type { ShownDifference, ShownSurvey } from "./shown-survey.ts";

/** Rows shown before the rest is asked for. */
const FIRST_ROWS = 8;

/** Every object the two sides hold differently, each with both values, and the nodes that cannot be read. */
export function SurveyDifferences({ survey }: { survey: ShownSurvey }) {
  const filter = useTextFilter("differences");
  const [all, setAll] = useState(false);
  const { differences, total, unreadable } = survey;
  const [wanted, setWanted] = useUrlState("differ");
  const kinds = KIND_ORDER.filter((kind) => kind === wanted || differences.some((one) => kindOf(one) === kind));
  const matching = differences.filter(
    (one) =>
      (!kinds.some((kind) => kind === wanted) || kindOf(one) === wanted) &&
      filter.matches(one.key, policyPlace(one.key).name),
  );
  const shown = all ? matching : matching.slice(0, FIRST_ROWS);
  return (
    <section aria-labelledby="differences" className="rounded-lg border border-line">
      <header className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
        <h3 id="differences" className="font-medium">
          {counted(total, "object differs", "objects differ")}
        </h3>
        {total > differences.length && (
          <span className="text-sm text-ink-3">the first {differences.length} are listed</span>
        )}
        {differences.length > 1 && (
          <div className="ml-auto flex flex-wrap items-center justify-end gap-2">
            <NativeSelect
              aria-label="Which differences"
              className="w-auto"
              value={wanted ?? ""}
              onChange={(event) => {
                setWanted(event.target.value);
              }}
            >
              <option value="">All</option>
              {kinds.map((kind) => (
                <option key={kind} value={kind}>
                  {KINDS[kind]}
                </option>
              ))}
            </NativeSelect>
            <SearchInput label="Search differences" value={filter.text} onChange={filter.setText} />
          </div>
        )}
      </header>
      {total === 0 && (
        <EmptyState icon={Scale} title="Both sides hold the same objects">
          Only the name of the database they belong to, or the revision, is another.
        </EmptyState>
      )}
      {total > 0 && matching.length === 0 && (
        <EmptyState
          icon={Scale}
          title={
            filter.text.trim() === ""
              ? "No object differs like that"
              : `No difference matches “${plainText(filter.text)}”`
          }
        />
      )}
      <ul>
        {shown.map((difference) => (
          <DifferenceItem key={difference.key} difference={difference} />
        ))}
      </ul>
      {matching.length > FIRST_ROWS && <ShowAllButton count={matching.length} all={all} onChange={setAll} />}
      {unreadable.length > 0 && (
        <div className="border-t border-line px-3 py-2">
          <p className="font-medium text-warn">
            {counted(unreadable.length, "node", "nodes")} in ZooKeeper cannot be read
          </p>
          <ul className="text-sm text-ink-2">
            {unreadable.map(({ key, problem }) => (
              <li key={key} className="break-words">
                <bdi className="font-mono">{plainText(key)}</bdi>: <bdi>{plainText(problem)}</bdi>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

type Kind = "mesh" | "database" | "both";
const KIND_ORDER: readonly Kind[] = ["mesh", "database", "both"];
const KINDS: Readonly<Record<Kind, string>> = {
  mesh: "Only in the mesh",
  database: "Only in the database",
  both: "In both, differently",
};

function kindOf({ mesh, database }: ShownDifference): Kind {
  if (database === null || database === undefined) return "mesh";
  return mesh === null || mesh === undefined ? "database" : "both";
}

function DifferenceItem({ difference }: { difference: ShownDifference }) {
  const { key, mesh, database } = difference;
  const name = plainText(policyPlace(key).name);
  const kind = kindOf(difference);
  // Made when opened: there may be hundreds.
  const [opened, setOpened] = useState(false);
  return (
    <li className="border-b border-line last:border-b-0">
      <details
        onToggle={(event) => {
          if (event.currentTarget.open) setOpened(true);
        }}
      >
        <summary className="flex flex-wrap items-center gap-2 px-3 py-1.5 hover:bg-sunken focus-visible:-outline-offset-2">
          <bdi className="font-medium break-words">{name}</bdi>
          <Badge tone={kind === "both" ? "off" : "warn"}>{KINDS[kind]}</Badge>
        </summary>
        {opened && (
          <div className="px-3 pb-3">
            <DiffTable
              caption={`${name} in the database and in the mesh`}
              differences={diffValues(database, mesh)}
              beforeHeading="Database"
              afterHeading="Mesh"
            />
          </div>
        )}
      </details>
    </li>
  );
}
