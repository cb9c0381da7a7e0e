import type { Health } from "#domain/topology.ts";
import { HEALTH_STYLES } from "./health-style.ts";

/** Health as a small sign, where there is no room for its word. */
export function HealthMark({ health }: { health: Health }) {
  const { icon: Icon, word, color } = HEALTH_STYLES[health];
  return <Icon aria-label={word} className="size-3.5 shrink-0" color={color} />;
}
