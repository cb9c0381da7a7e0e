"use client";

import { useQuery } from "@tanstack/react-query";
import { ShieldAlert, ShieldCheck } from "lucide-react";
import { messageOf } from "../api/mesh-error.ts";
import { useTRPC } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";

/** Verifies on request that no entry was changed, removed or slipped in since it was written. */
export function ChainState() {
  const chain = useQuery(useTRPC().audit.verify.queryOptions(undefined, { enabled: false, staleTime: Infinity }));
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-ink-2" role="status">
      <Button size="sm" disabled={chain.isFetching} onClick={() => void chain.refetch()}>
        {chain.isFetching ? "Verifying…" : "Verify the log"}
      </Button>
      {chain.isError && <span className="text-bad">{messageOf(chain.error)}</span>}
      {!chain.isError && chain.data?.ok === true && (
        <span className="inline-flex items-center gap-1.5 text-good">
          <ShieldCheck aria-hidden className="size-4" />
          {`Verified: all ${chain.data.checked.toString()} entries are as they were written`}
        </span>
      )}
      {!chain.isError && chain.data?.ok === false && (
        <span className="inline-flex items-center gap-1.5 text-bad">
          <ShieldAlert aria-hidden className="size-4" />
          {`The log was tampered with: entry ${String(chain.data.firstBroken)} does not fit the one before it`}
        </span>
      )}
      {chain.data === undefined && !chain.isFetching && !chain.isError && (
        <span className="text-sm text-ink-3">Each entry carries a hash over the one before it.</span>
      )}
    </div>
  );
}
