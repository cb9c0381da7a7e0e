import Link from "next/link";
import type { ReactNode } from "react";
import type { FleetBreaker } from "#domain/live.ts";
import { automaticInWords, stateInWords, worstState } from "../breakers/breaker-state.ts";
import { StateBadge } from "../breakers/state-badge.tsx";
import { formatRate } from "../format/number.ts";
import { links } from "../links.ts";

/** A titled part of the details panel. */
export function DetailSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-1.5 text-sm font-medium text-ink-3">{title}</h3>
      {children}
    </section>
  );
}

/** Breakers with both layers of their state, each leading to its page. */
export function BreakerLines({ breakers }: { breakers: readonly FleetBreaker[] }) {
  return (
    <ul className="flex flex-col gap-2">
      {breakers.map((breaker) => {
        const state = worstState(breaker);
        const override = breaker.gateways.find(({ reading }) => reading.override !== null)?.reading.override;
        return (
          <li key={breaker.key} className="flex flex-col gap-0.5">
            <div className="flex items-center gap-2">
              <Link href={links.breaker(breaker.key)} className="min-w-0 truncate text-accent hover:underline">
                {breaker.key}
              </Link>
              <span className="ml-auto">
                {state !== null && <StateBadge state={state} words={stateInWords(breaker)} />}
              </span>
            </div>
            <div className="text-sm text-ink-3">
              {formatRate(breaker.offeredPerSecond)} offered · automatic: {automaticInWords(breaker).toLowerCase()}
              {override !== null && override !== undefined && ` · forced by ${override.actor}`}
            </div>
          </li>
        );
      })}
    </ul>
  );
}

/** Routes by id, each leading to its form. */
export function RouteLinks({ ids }: { ids: readonly string[] }) {
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-1">
      {ids.map((id) => (
        <li key={id}>
          <Link href={links.route(id)} className="text-accent hover:underline">
            {id}
          </Link>
        </li>
      ))}
    </ul>
  );
}
