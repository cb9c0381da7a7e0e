"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import type { Halt, KeptSide } from "#domain/publishing.ts";
import { meshErrorOf, messageOf } from "../../api/mesh-error.ts";
import { useTRPC } from "../../api/trpc.ts";
import { useMayAdminister, useMayEdit } from "../../identity/use-session.ts";
import { ErrorState } from "../../ui/error-state.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Panel } from "../../ui/panel.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { AheadGateways } from "./ahead-gateways.tsx";
import { ConfirmChoice } from "./confirm-choice.tsx";
import { SideCards } from "./side-cards.tsx";
import { SurveyDifferences } from "./survey-differences.tsx";
import { useSideInUrl } from "./use-side-in-url.ts";

const EXPLANATIONS: Readonly<Record<Exclude<Halt["kind"], "unpublishable">, { title: string; words: string }>> = {
  foreign: {
    title: "ZooKeeper holds another database’s policy",
    words:
      "What is published there was written from another database than this console’s: the console was given the wrong database, or the wrong ZooKeeper, or the database was made anew. Publishing would replace that policy, so it waits for you.",
  },
  behind: {
    title: "ZooKeeper is ahead of the database",
    words:
      "What is published has a later revision than the database: a backup was restored, most likely, and edits made after it are in ZooKeeper alone. Publishing would undo them, so it waits for you.",
  },
  gateways: {
    title: "Gateways are ahead of the database",
    words:
      "Gateways have applied a later revision than the database has, and ZooKeeper does not hold what that was: a backup was restored, most likely, after ZooKeeper had lost what it held. They refuse everything below what they have, so publishing would leave them on policy that is to be seen nowhere here. If there is a newer backup, restore it: that ends this by itself.",
  },
};

interface GuidedChoiceProps {
  readonly halt: Halt;
  readonly kind: Exclude<Halt["kind"], "unpublishable">;
}

/** The two sides, what differs, what each way on does, and the confirmation. Nothing is written before that. */
export function GuidedChoice({ halt, kind }: GuidedChoiceProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const mayEdit = useMayEdit();
  const mayAdminister = useMayAdminister();
  const survey = useQuery(trpc.sync.survey.queryOptions(undefined, { enabled: mayEdit }));
  const [chosen, setKeep] = useSideInUrl();
  // The address may be one of another day, when there were two sides.
  const keep = chosen === "mesh" && survey.data?.canKeepMesh === false ? null : chosen;
  const [typed, setTyped] = useState("");
  const takeOver = useMutation(
    trpc.sync.takeOver.mutationOptions({
      onSuccess: ({ revision }, { keep: kept }) => {
        toast.success(
          kept === "database"
            ? `The database is published, as revision ${revision.toString()}`
            : `The mesh’s policy is saved, as revision ${revision.toString()}`,
        );
        setKeep(null);
      },
      onError: () => {
        // What was confirmed was another state of things.
        setTyped("");
      },
      onSettled: () => queryClient.invalidateQueries(trpc.sync.pathFilter()),
    }),
  );
  const { title, words } = EXPLANATIONS[kind];
  const confirm = (side: KeptSide): void => {
    if (survey.data === undefined) return;
    // The second half of a double click comes before the button is drawn as disabled.
    if (queryClient.isMutating({ mutationKey: trpc.sync.takeOver.mutationKey() }) > 0) return;
    const { mesh, database } = survey.data;
    takeOver.mutate({
      keep: side,
      expected: {
        meshIncarnation: mesh.incarnation,
        meshRevision: mesh.revision,
        databaseRevision: database.revision,
      },
    });
  };
  return (
    <Panel title="Publishing waits for your choice" note="nothing is written until you confirm">
      <div className="flex flex-col gap-4">
        <Notice tone="bad" title={title}>
          <p>{words}</p>
          <p className="mt-1">Gateways serve on with what they have. Edits made meanwhile are saved, not published.</p>
        </Notice>
        {mayEdit && survey.isPending && <SkeletonRows rows={4} />}
        {survey.isError && survey.data === undefined && (
          <ErrorState error={survey.error} onRetry={() => void survey.refetch()} />
        )}
        {survey.data !== undefined && (
          <>
            <AheadGateways ahead={survey.data.ahead} revision={survey.data.database.revision} />
            {survey.data.canKeepMesh && <SurveyDifferences survey={survey.data} />}
            <SideCards
              survey={survey.data}
              above={halt.mesh.revision}
              keep={keep}
              disabled={!mayAdminister || takeOver.isPending}
              onKeep={setKeep}
            />
            {takeOver.isError && (
              <Notice tone="bad" role="alert" title="Nothing was changed">
                {meshErrorOf(takeOver.error)?.code === "MESH_MOVED"
                  ? "One of the sides has changed since you looked. What is shown now is new: look at it, and confirm again."
                  : messageOf(takeOver.error)}
              </Notice>
            )}
            {mayAdminister && keep !== null && (
              <ConfirmChoice
                survey={survey.data}
                keep={keep}
                typed={typed}
                onType={setTyped}
                busy={takeOver.isPending || survey.isFetching}
                onConfirm={() => {
                  confirm(keep);
                }}
              />
            )}
          </>
        )}
        {!mayAdminister && <p className="text-ink-3">Only administrators may choose. Ask one of them.</p>}
      </div>
    </Panel>
  );
}
