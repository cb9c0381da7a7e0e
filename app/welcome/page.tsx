import type { Metadata } from "next";
import { Suspense } from "react";
import { ClaimForm } from "#components/identity/claim-form.tsx";
import { EntryCard } from "#components/identity/entry-card.tsx";

export const metadata: Metadata = { title: "First administrator", referrer: "no-referrer" };

export default function WelcomePage() {
  return (
    <EntryCard title="Create the first administrator" note="This link works once. Afterwards, sign in with this address and password.">
      <Suspense>
        <ClaimForm />
      </Suspense>
    </EntryCard>
  );
}
