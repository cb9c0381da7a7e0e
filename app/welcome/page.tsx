import type { Metadata } from "next";
import { Suspense } from "react";
import { ClaimCard } from "#components/identity/claim-card.tsx";

export const metadata: Metadata = { title: "Welcome", referrer: "no-referrer" };

export default function WelcomePage() {
  return (
    <Suspense>
      <ClaimCard />
    </Suspense>
  );
}
