import Link from "next/link";
import type { ReactNode } from "react";
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
