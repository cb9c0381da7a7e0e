import type { Metadata } from "next";
import { Suspense } from "react";
import { EntryCard } from "#components/identity/entry-card.tsx";
import { SignInForm } from "#components/identity/sign-in-form.tsx";

export const metadata: Metadata = { title: "Sign in" };

export default function SignInPage() {
  return (
    <EntryCard title="Sign in" note="To the console of this mesh.">
      <Suspense>
        <SignInForm />
      </Suspense>
    </EntryCard>
  );
}
