"use client";

import { useMutation } from "@tanstack/react-query";
import { toast } from "sonner";
import type { FullPass } from "#domain/publishing.ts";
import { messageOf } from "../api/mesh-error.ts";
import { useTRPC } from "../api/trpc.ts";
import { formatLatency } from "../format/number.ts";
import { formatAgo, formatClock } from "../format/time.ts";
import { useMayEdit } from "../identity/use-session.ts";
import { Button } from "../ui/button.tsx";
import { Stat } from "../ui/stat.tsx";
import { counted } from "./counted.ts";

interface FullPassStatProps {
  readonly pass: FullPass | null;
  readonly leader: string | null;
  readonly nowMs: number;
}

/** The leader's latest comparison of everything, and a way to have the next one at once. */
export function FullPassStat({ pass, leader, nowMs }: FullPassStatProps) {
  const mayEdit = useMayEdit();
  const check = useMutation(
    useTRPC().sync.checkNow.mutationOptions({
      onSuccess: () => {
        toast.success("Everything is being compared. What comes of it stands here.");
      },
      onError: (error) => {
        toast.error(messageOf(error));
      },
    }),
  );
  return (
    <Stat label="Last full comparison">
      <div>{pass === null ? "none yet" : formatAgo(pass.atMs, nowMs)}</div>
      {pass !== null && (
        <div className="text-sm font-normal text-ink-3">
          at {formatClock(pass.atMs)}, {counted(pass.documents, "document", "documents")} in{" "}
          {formatLatency(pass.tookMs)}, {counted(pass.writes, "write", "writes")}
        </div>
      )}
      <Button
        size="sm"
        className="mt-1"
        disabled={!mayEdit || leader === null || check.isPending}
        onClick={() => {
          check.mutate();
        }}
      >
        Compare everything now
      </Button>
    </Stat>
  );
}
