import { CircleAlert, CircleCheck, CircleDashed, TriangleAlert, type LucideIcon } from "lucide-react";
import type { Health } from "#domain/topology.ts";
import type { BadgeTone } from "../ui/badge.tsx";

export interface HealthStyle {
  readonly word: string;
  readonly tone: BadgeTone;
  readonly icon: LucideIcon;
  /** CSS colour, for drawings. */
  readonly color: string;
}

/** How each health is shown: always a word and a shape besides the colour. */
export const HEALTH_STYLES: Readonly<Record<Health, HealthStyle>> = {
  healthy: { word: "Healthy", tone: "good", icon: CircleCheck, color: "var(--good)" },
  degraded: { word: "Degraded", tone: "warn", icon: TriangleAlert, color: "var(--warn)" },
  failing: { word: "Failing", tone: "bad", icon: CircleAlert, color: "var(--bad)" },
  idle: { word: "Idle", tone: "off", icon: CircleDashed, color: "var(--off)" },
};

/** Worst first. */
export const HEALTH_RANK: Readonly<Record<Health, number>> = { failing: 0, degraded: 1, healthy: 2, idle: 3 };
