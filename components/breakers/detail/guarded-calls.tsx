"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import type { BreakerPolicySpec } from "#domain/breaker-policy.ts";
import type { FleetBreaker } from "#domain/live.ts";
import { formatRate } from "../../format/number.ts";
import { links } from "../../links.ts";
import { useLive } from "../../live/live-provider.tsx";
import { fallbackInWords } from "../fallback-words.ts";
import { InstanceDots } from "../instance-dots.tsx";
import { callerRates } from "./caller-rates.ts";

interface GuardedCallsProps {
  readonly breaker: FleetBreaker;
  readonly fallbacks: BreakerPolicySpec["fallbacks"];
}

/** Whose calls it guards, on which route, to which service, and who answers instead. */
export function GuardedCalls({ breaker, fallbacks }: GuardedCallsProps) {
  const { picture } = useLive();
  const callers = callerRates(breaker, picture?.topology.edges ?? []);
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5">
      <Row name="Route">
        <Link href={links.route(breaker.routeId)} className="text-accent hover:underline">
          {breaker.routeId}
        </Link>
      </Row>
      <Row name="Service">
        <Link href={links.service(breaker.service)} className="text-accent hover:underline">
          {breaker.service}
        </Link>
      </Row>
      <Row name="Instances">
        <InstanceDots service={breaker.service} bare />
      </Row>
      <Row name="Callers">
        {callers.length === 0 ? (
          <span className="text-ink-3">Nobody is calling it now.</span>
        ) : (
          <ul>
            {callers.map(({ caller, perSecond, shared }) => (
              <li key={caller}>
                {caller}{" "}
                <span className="text-ink-3">
                  {formatRate(perSecond)}
                  {shared && ", all its routes to the service"}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Row>
      <Row name="Fallbacks">
        {fallbacks.length === 0 ? (
          <span className="text-ink-3">None: callers get the error.</span>
        ) : (
          <ol className="flex flex-col gap-0.5">
            {fallbacks.map((fallback) => (
              <li key={fallbackInWords(fallback)}>
                {fallback.kind === "service" ? (
                  <Link href={links.service(fallback.service)} className="text-accent hover:underline">
                    {fallbackInWords(fallback)}
                  </Link>
                ) : (
                  fallbackInWords(fallback)
                )}
              </li>
            ))}
          </ol>
        )}
      </Row>
    </dl>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-sm text-ink-3">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
