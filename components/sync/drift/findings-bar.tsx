"use client";

import { useState } from "react";
import type { DriftDecision } from "#domain/drift.ts";
import { messageOf } from "../../api/mesh-error.ts";
import { plainText } from "../../diff/plain-text.ts";
import { someNames } from "../../format/names.ts";
import { formatCount } from "../../format/number.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Notice } from "../../ui/notice.tsx";
import { counted } from "../counted.ts";
import { policyPlace } from "../policy-place.ts";
import { adoptRefusal } from "./adopt-refusal.ts";
import type { ShownFinding } from "./shown-finding.ts";
import { useDecideFindings } from "./use-decide-findings.ts";

interface FindingsBarProps {
  /** Those that still wait, or are ignored. */
  readonly selected: readonly ShownFinding[];
  /** How many of them the list does not show now. */
  readonly hidden: number;
  readonly onClear: () => void;
}

const DECISIONS: readonly DriftDecision[] = ["restore", "adopt", "ignore"];
const WORDS: Readonly<Record<DriftDecision, string>> = { restore: "Restore", adopt: "Adopt", ignore: "Ignore" };

/** What can be done with the findings that are ticked, each asked about before. */
export function FindingsBar({ selected, hidden, onClear }: FindingsBarProps) {
  const [asking, setAsking] = useState<DriftDecision | null>(null);
  const close = (): void => {
    setAsking(null);
  };
  const decide = useDecideFindings(() => {
    close();
    onClear();
  });
  const adoptable = selected.filter((finding) => refusalOf(finding) === null);
  const ignorable = selected.filter(({ state }) => state === "open");
  const of: Readonly<Record<DriftDecision, readonly ShownFinding[]>> = {
    restore: selected,
    adopt: adoptable,
    ignore: ignorable,
  };
  return (
    <section
      aria-label="Selected findings"
      className="sticky bottom-14 z-10 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-b-lg border-t border-line-strong bg-surface px-4 py-2 shadow-pop lg:bottom-0"
    >
      <span role="status" className="font-medium">
        {formatCount(selected.length)} selected
        {hidden > 0 && <span className="font-normal text-ink-3">, {formatCount(hidden)} not shown</span>}
      </span>
      <div className="flex flex-wrap items-center gap-1.5">
        {DECISIONS.map((decision) => (
          <Button
            key={decision}
            size="sm"
            disabled={of[decision].length === 0}
            onClick={() => {
              decide.reset();
              setAsking(decision);
            }}
          >
            {WORDS[decision]}
            {of[decision].length < selected.length && ` ${formatCount(of[decision].length)}`}…
          </Button>
        ))}
      </div>
      <Button variant="ghost" size="sm" className="ml-auto" onClick={onClear}>
        Clear
      </Button>
      {asking !== null && (
        <ConfirmDialog
          open
          onOpenChange={(open) => {
            if (!open) close();
          }}
          title={`${WORDS[asking]} ${counted(of[asking].length, "finding", "findings")}?`}
          confirm={`${WORDS[asking]} ${formatCount(of[asking].length)}`}
          danger={asking === "adopt"}
          busy={decide.isPending || of[asking].length === 0}
          onConfirm={() => {
            const findings = of[asking].map(({ id, foundHash }) => ({ id, foundHash }));
            if (!decide.isPending) decide.mutate({ findings, decision: asking });
          }}
        >
          <Effect decision={asking} findings={of[asking]} leftOut={selected.length - of[asking].length} />
          {decide.isError && (
            <Notice tone="bad" role="alert" title="Nothing was decided">
              {messageOf(decide.error)}
            </Notice>
          )}
        </ConfirmDialog>
      )}
    </section>
  );
}

function refusalOf(finding: ShownFinding): string | null {
  return adoptRefusal({ ...finding, database: finding.database ?? null });
}

interface EffectProps {
  readonly decision: DriftDecision;
  readonly findings: readonly ShownFinding[];
  /** Of those selected, that it cannot be done for. */
  readonly leftOut: number;
}

/** What a decision does, to how many objects, and to which. */
function Effect({ decision, findings, leftOut }: EffectProps) {
  const names = (of: readonly ShownFinding[]): string =>
    someNames(of.map(({ key }) => plainText(policyPlace(key).name)).toSorted(), 5);
  const gone = findings.filter(({ found }) => found === null || found === undefined);
  const strays = findings.filter(({ database }) => database === null || database === undefined);
  return (
    <>
      <p>{names(findings)}.</p>
      {decision === "restore" && (
        <p>
          The database&rsquo;s value is written back
          {strays.length > 0 &&
            `; ${counted(strays.length, "object that the database does not have is", "objects that the database does not have are")} marked as removed`}
          . Gateways that took what was found return to it.
        </p>
      )}
      {decision === "adopt" && (
        <>
          <p>
            {counted(findings.length - gone.length, "object is", "objects are")} saved as found, in one edit in your
            name, and every gateway applies it.
          </p>
          {gone.length > 0 && (
            <p className="font-medium text-bad">
              {counted(gone.length, "object is", "objects are")} removed from the database, and every gateway drops{" "}
              {gone.length === 1 ? "it" : "them"}: {names(gone)}.
            </p>
          )}
        </>
      )}
      {decision === "ignore" && (
        <p>
          The nodes stay as they were found, while they stay so. Gateways keep to what was published; only one that
          starts without a saved snapshot takes what stands there.
        </p>
      )}
      {leftOut > 0 && (
        <p>
          {counted(leftOut, "selected finding is", "selected findings are")} left out:{" "}
          {decision === "adopt"
            ? "what was found there cannot be an edit. Each says why when it is opened."
            : "ignored already."}
        </p>
      )}
    </>
  );
}
