"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import type { DriftDecision } from "#domain/drift.ts";
import { useTRPC } from "../../api/trpc.ts";
import { plainText } from "../../diff/plain-text.ts";
import { someNames } from "../../format/names.ts";
import { counted } from "../counted.ts";
import { DRIFT_PANEL } from "./drift-words.ts";
import { policyPlace } from "../policy-place.ts";

const DONE: Readonly<Record<DriftDecision, (count: number) => string>> = {
  restore: (count) => `${counted(count, "node is", "nodes are")} written back by the publisher`,
  adopt: (count) => `${counted(count, "node is", "nodes are")} saved as found, in one edit`,
  ignore: (count) => `${counted(count, "node is", "nodes are")} left as found`,
};

/** Decides about several findings at once; says what came of it, and which of them had changed since they were looked at. */
export function useDecideFindings(onDecided: () => void) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return useMutation(
    trpc.sync.decideSeveral.mutationOptions({
      onSuccess: ({ decided, moved }, { decision }) => {
        toast.success(DONE[decision](decided));
        if (moved.length > 0) {
          const names = someNames(moved.map((key) => plainText(policyPlace(key).name)));
          toast.warning(`Nothing was decided about ${names}: found otherwise since you looked`);
        }
        onDecided();
        document.getElementById(DRIFT_PANEL)?.focus({ preventScroll: true });
      },
      // Refused, too: most often because nodes have changed since.
      onSettled: () => queryClient.invalidateQueries(trpc.sync.pathFilter()),
    }),
  );
}
