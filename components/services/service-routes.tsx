"use client";

import Link from "next/link";
import type { RouteSpec } from "#domain/route.ts";
import { formatRatio } from "../format/number.ts";
import { links } from "../links.ts";
import { Panel } from "../ui/panel.tsx";

interface TouchingRoute {
  readonly id: string;
  readonly spec: RouteSpec;
}

/** Whether a route sends calls, or copies of them, to the service. */
export function leadsTo({ spec }: TouchingRoute, service: string): boolean {
  return spec.mirror?.service === service || spec.destinations.some((destination) => destination.service === service);
}

/** Routes that lead to a service, with the share of their calls that comes to it. */
export function ServiceRoutes({ routes, service }: { routes: readonly TouchingRoute[]; service: string }) {
  return (
    <Panel title="Routes to it" note={routes.length.toString()} padded={false}>
      {routes.length === 0 ? (
        <p className="p-4 text-ink-3">No route leads here.</p>
      ) : (
        <ul>
          {routes.map((route) => (
            <li key={route.id} className="flex items-baseline gap-3 border-b border-line px-4 py-2 last:border-b-0">
              <Link href={links.route(route.id)} className="min-w-0 break-words text-accent hover:underline">
                {route.id}
              </Link>
              <span className="ml-auto text-sm whitespace-nowrap text-ink-3">{shareInWords(route.spec, service)}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function shareInWords({ destinations, mirror }: RouteSpec, service: string): string {
  const all = destinations.reduce((sum, { weight }) => sum + weight, 0);
  const own = destinations.filter((destination) => destination.service === service);
  if (own.length === 0) return mirror?.service === service ? "copies of its calls" : "";
  const share = own.reduce((sum, { weight }) => sum + weight, 0) / Math.max(1, all);
  return share === 1 ? "all of its calls" : `${formatRatio(share)} of its calls`;
}
