"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTRPC } from "../../api/trpc.ts";
import { formatMoment } from "../../format/time.ts";
import { links } from "../../links.ts";
import { useServerNow } from "../../live/use-now.ts";
import { DetailSection } from "../detail-parts.tsx";

const SHOWN = 5;

/** The latest of the audit log that names it: edits, overrides, breaker transitions. */
export function RecentChanges({ name }: { name: string }) {
  const nowMs = useServerNow();
  const page = useQuery(
    useTRPC().audit.list.queryOptions({ search: name, limit: SHOWN, exceptAction: "person.sign-in" }),
  ).data;
  if (page === undefined) return null;
  return (
    <DetailSection title="Recent changes">
      {page.entries.length === 0 ? (
        <p className="text-ink-3">None on record.</p>
      ) : (
        <ul className="flex flex-col gap-1.5">
          {page.entries.map((entry) => (
            <li key={entry.sequence}>
              <p className="break-words">{entry.summary}</p>
              <p className="text-sm text-ink-3">
                {formatMoment(entry.atMs, nowMs)} · {entry.actor.name}
              </p>
            </li>
          ))}
        </ul>
      )}
      {page.total > SHOWN && (
        <Link href={links.audit(name)} className="mt-1 inline-block text-accent hover:underline">
          All {page.total}
        </Link>
      )}
    </DetailSection>
  );
}
