import { Badge } from "../ui/badge.tsx";
import { STATE_STYLES, type EffectiveState } from "./breaker-state.ts";

interface StateBadgeProps {
  readonly state: EffectiveState;
  /** Instead of the plain word, e.g. "Open on 1 of 2 gateways". */
  readonly words?: string;
  /** Closed for want of calls is no sign of health. */
  readonly idle?: boolean;
}

/** State of a breaker as a badge. */
export function StateBadge({ state, words, idle = false }: StateBadgeProps) {
  const style = STATE_STYLES[state];
  return (
    <Badge tone={idle && state === "closed" ? "off" : style.tone} icon={style.icon}>
      {words ?? style.word}
    </Badge>
  );
}
