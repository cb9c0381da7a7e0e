"use client";

import { skipToken, useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { meshErrorOf, messageOf } from "../api/mesh-error.ts";
import { useTRPC } from "../api/trpc.ts";
import { links } from "../links.ts";
import { Button, ButtonLink } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { ClaimForm } from "./claim-form.tsx";
import { EntryCard } from "./entry-card.tsx";

/** Page of a one-time link: the first administrator, or somebody's new password. */
export function ClaimCard() {
  const token = useSearchParams().get("token") ?? "";
  const trpc = useTRPC();
  const link = useQuery(
    trpc.session.link.queryOptions(token === "" ? skipToken : { token }, { staleTime: Infinity, retry: false }),
  );
  if (token === "") {
    return (
      <EntryCard
        title="The link is not complete"
        note="Open the whole address that Meshkeeper printed, with everything after “?token=”."
      >
        <ButtonLink href={links.signIn()}>Go to sign-in</ButtonLink>
      </EntryCard>
    );
  }
  if (link.isError) {
    const isVoid = meshErrorOf(link.error)?.code === "NOT_FOUND";
    return (
      <EntryCard title={isVoid ? "This link no longer works" : "The link could not be checked"} note="">
        <Notice tone="bad" role="alert">
          {messageOf(link.error)}
        </Notice>
        <div className="mt-4 flex gap-2">
          <ButtonLink href={links.signIn()}>Go to sign-in</ButtonLink>
          {!isVoid && <Button onClick={() => void link.refetch()}>Try again</Button>}
        </div>
      </EntryCard>
    );
  }
  if (link.data === undefined) {
    return (
      <EntryCard title="Welcome" note="Checking the link">
        <Skeleton className="h-40" />
      </EntryCard>
    );
  }
  if (link.data.purpose === "new-password") {
    return (
      <EntryCard
        title="Choose a new password"
        note={`For ${link.data.name}, ${link.data.email}. This link works once.`}
      >
        <ClaimForm token={token} link={link.data} />
      </EntryCard>
    );
  }
  return (
    <EntryCard
      title="Create the first administrator"
      note="This link works once. Afterwards, sign in with this address and password."
    >
      <ClaimForm token={token} link={link.data} />
    </EntryCard>
  );
}
