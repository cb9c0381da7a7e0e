import { Badge } from "../ui/badge.tsx";
import { STATE_STYLES, type EffectiveState } from "./breaker-state.ts";

/** State of a breaker as a badge; `words` replaces the plain word, e.g. "Open on 1 of 2 gateways". */
export function StateBadge({ state, words }: { state: EffectiveState; words?: string }) {
  const style = STATE_STYLES[state];
  return (
    <Badge tone={style.tone} icon={style.icon}>
      {words ?? style.word}
    </Badge>
  );
}
