import { CircleAlert, CircleCheck, LoaderCircle } from "lucide-react";
import type { LinkStatus } from "#domain/link-status.ts";
import { Badge } from "../ui/badge.tsx";

const STATES = {
  up: { icon: CircleCheck, tone: "good", word: "Up" },
  connecting: { icon: LoaderCircle, tone: "warn", word: "Connecting" },
  down: { icon: CircleAlert, tone: "bad", word: "Down" },
} as const;

/** State of a connection; what is wrong with it stands in the tooltip. */
export function LinkBadge({ link }: { link: LinkStatus }) {
  const { icon, tone, word } = STATES[link.state];
  return (
    <Badge tone={tone} icon={icon} title={link.problem === "" ? undefined : link.problem}>
      {word}
    </Badge>
  );
}
