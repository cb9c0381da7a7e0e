"use client";

import { useQuery } from "@tanstack/react-query";
import { ShieldAlert, ShieldCheck } from "lucide-react";
import type { AnchorVerdict } from "#domain/audit.ts";
import { messageOf } from "../api/mesh-error.ts";
import { useTRPC } from "../api/trpc.ts";
import { formatCount } from "../format/number.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";

/** A log that holds together in itself, and still is not the one that was anchored. */
const BROKEN_WORDS: Readonly<Partial<Record<AnchorVerdict["state"], string>>> = {
  missing: "Shorter than the log that ZooKeeper has the end of: rolled back before entry",
  differs: "Not the log that ZooKeeper has the end of: rewritten up to entry",
};

/** Walks the whole chain of hashes when asked, and says what came of it. */
export function ChainCheck() {
  const check = useQuery(useTRPC().audit.verify.queryOptions(undefined, { enabled: false, gcTime: 0 }));
  const { data } = check;
  return (
    <div className="flex items-center gap-2" role="status">
      {check.isError && <span className="text-sm text-bad">{messageOf(check.error)}</span>}
      {data?.ok === true && !check.isFetching && (
        <Badge tone="good" icon={ShieldCheck}>
          Chain verified: {formatCount(data.checked)} entries
          {data.anchor.state === "unread" && "; ZooKeeper, which has its last known end, does not answer"}
        </Badge>
      )}
      {data?.ok === false && !check.isFetching && (
        <Badge tone="bad" icon={ShieldAlert}>
          {BROKEN_WORDS[data.anchor.state] ?? "Chain broken at entry"} {data.firstBroken ?? "?"}
        </Badge>
      )}
      <Button disabled={check.isFetching} onClick={() => void check.refetch()}>
        {check.isFetching ? "Verifying…" : "Verify chain"}
      </Button>
    </div>
  );
}
