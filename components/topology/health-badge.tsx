import type { Health } from "#domain/topology.ts";
import { Badge } from "../ui/badge.tsx";
import { HEALTH_STYLES } from "./health-style.ts";

export function HealthBadge({ health, reason }: { health: Health; reason?: string }) {
  const style = HEALTH_STYLES[health];
  return (
    <Badge tone={style.tone} icon={style.icon} title={reason}>
      {style.word}
    </Badge>
  );
}
