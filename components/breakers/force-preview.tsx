"use client";

import type { ReactNode } from "react";
import { modeInWords, scopeInWords, targetInWords, type OverrideSpec } from "#domain/override.ts";
import type { Hold } from "#domain/override-reach.ts";
import type { PolicyRow } from "#domain/policy.ts";
import { formatMoment } from "../format/time.ts";
import { useServerNow } from "../live/use-now.ts";
import { Notice } from "../ui/notice.tsx";
import { BackupWarning } from "./backup-warning.tsx";
import { answersInstead, chainInWords, forceEffect, list, reachInWords } from "./force-effect.ts";
import { relationsOf } from "./override-relations.ts";
import { useActiveOverrides } from "./use-active-overrides.ts";
import type { ForceCheck } from "./use-force-check.ts";

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex flex-col sm:flex-row sm:gap-3">
      <dt className="text-ink-3 sm:w-28 sm:shrink-0">{label}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}

/** What an override will do, by what is going on now; it follows while the dialog is open. */
export function ForcePreview({ hold, check }: { hold: Hold; check: ForceCheck }) {
  const rows = useActiveOverrides();
  const { reach, others, isLast, stranded } = check;
  const { target, mode, scope } = hold;
  const { replaced, winning, losing } = relationsOf(rows, hold);
  const answers = mode === "forced-open" && reach !== null ? answersInstead(reach.breakers) : [];
  return (
    <section aria-label="What it affects now" className="rounded-md border border-line bg-sunken px-3 py-2">
      <dl className="live flex flex-col gap-1.5 text-sm">
        <Row label="Affects">
          <span className="font-medium">{reach === null ? "No live data now." : reachInWords(reach)}</span>{" "}
          {forceEffect(target, mode)}
        </Row>
        {answers.length > 0 && (
          <Row label="Answers instead">
            {answers.map(({ commands, chain }) => (
              <div key={commands.join()}>
                {answers.length > 1 && <span className="text-ink-2">{list(commands)}: </span>}
                {chainInWords(chain)}
              </div>
            ))}
          </Row>
        )}
        {target.kind === "instance" && mode === "forced-open" && others.length > 0 && (
          <Row label="Take over">{others.length > 5 ? `${others.length.toString()} instances` : list(others)}</Row>
        )}
        <Row label="Binds">
          {reach !== null && reach.gateways.length > 0
            ? `${scope.kind === "fleet" ? "All gateways, now" : "Only"} ${list(reach.gateways)}`
            : scopeInWords(scope)}
        </Row>
        {replaced !== null && (
          <Row label="Replaces">
            <OverrideInWords row={replaced} />
          </Row>
        )}
        {winning.length > 0 && (
          <Row label="Is beaten by">
            <OverrideList rows={winning} />
          </Row>
        )}
        {losing.length > 0 && (
          <Row label="Wins over">
            <OverrideList rows={losing} />
          </Row>
        )}
      </dl>
      {/* What would come is the whole fleet's load: at one gateway it says nothing. */}
      {mode === "forced-open" && scope.kind === "fleet" && reach !== null && (
        <BackupWarning outlooks={reach.breakers.flatMap(({ outlooks }) => outlooks)} className="mt-2" />
      )}
      {isLast && (
        <Notice tone="bad" className="mt-2" title={`Nobody else of ${target.service} serves everywhere`}>
          Its calls fail with 503 then, unless a backup answers them.
        </Notice>
      )}
      {!isLast && stranded.length > 0 && (
        <Notice tone="bad" className="mt-2" title="Nobody else serves this">
          {stranded.map(({ routeId, destination }) => (
            <div key={`${routeId} ${destination}`}>
              Route {routeId} sends requests to {destination}.
            </div>
          ))}
        </Notice>
      )}
    </section>
  );
}

function OverrideList({ rows }: { rows: readonly PolicyRow<OverrideSpec>[] }) {
  return (
    <ul>
      {rows.map((row) => (
        <li key={row.id}>
          <OverrideInWords row={row} />
        </li>
      ))}
    </ul>
  );
}

function OverrideInWords({ row: { spec } }: { row: PolicyRow<OverrideSpec> }) {
  const nowMs = useServerNow();
  const until = spec.expiresAtMs === null ? "until lifted" : `until ${formatMoment(spec.expiresAtMs, nowMs)}`;
  return (
    <>
      <span className="font-medium">{modeInWords(spec)}</span>: {targetInWords(spec.target)}, {scopeInWords(spec.scope)}
      , by {spec.actor}, {until}: “{spec.reason}”
    </>
  );
}
