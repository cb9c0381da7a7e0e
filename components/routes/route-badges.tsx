import { Cable, CirclePause, Copy, CornerUpRight, MessageSquareText, TriangleAlert } from "lucide-react";
import type { RouteSpec } from "#domain/route.ts";
import { Badge } from "../ui/badge.tsx";
import { faultsInWords, mirrorInWords } from "./sections/section-words.ts";

/** What one should know of a route before anything else. */
export function RouteBadges({ spec }: { spec: RouteSpec }) {
  return (
    <span className="inline-flex flex-wrap gap-1 empty:hidden">
      {!spec.enabled && (
        <Badge tone="off" icon={CirclePause}>
          Off
        </Badge>
      )}
      {spec.faults !== null && (
        <Badge tone="bad" icon={TriangleAlert} title={faultsInWords(spec.faults).summary}>
          Faults
        </Badge>
      )}
      {spec.mirror !== null && (
        <Badge tone="accent" icon={Copy} title={mirrorInWords(spec.mirror).summary}>
          Mirror
        </Badge>
      )}
      {spec.answer?.kind === "redirect" && (
        <Badge tone="off" icon={CornerUpRight}>
          Redirect
        </Badge>
      )}
      {spec.answer?.kind === "fixed" && (
        <Badge tone="off" icon={MessageSquareText}>
          Fixed response
        </Badge>
      )}
      {spec.webSocket && (
        <Badge tone="off" icon={Cable}>
          WebSocket
        </Badge>
      )}
    </span>
  );
}
