"use client";

import { Notice } from "../ui/notice.tsx";
import { ClaimForm } from "./claim-form.tsx";
import { EntryCard } from "./entry-card.tsx";
import { useSession } from "./use-session.ts";

/** Page of a one-time link: the first administrator, or somebody's new password once there is one. */
export function ClaimCard() {
  const isFirst = useSession().data?.needsFirstAdministrator ?? true;
  if (isFirst) {
    return (
      <EntryCard
        title="Create the first administrator"
        note="This link works once. Afterwards, sign in with this address and password."
      >
        <ClaimForm isFirst />
      </EntryCard>
    );
  }
  return (
    <EntryCard title="Choose a new password" note="For the person this link was made for.">
      <Notice tone="info" className="mb-4">
        There is an administrator already. A link that made one, or that was used before, no longer works.
      </Notice>
      <ClaimForm isFirst={false} />
    </EntryCard>
  );
}
