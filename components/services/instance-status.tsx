import {
  CircleCheck,
  CircleHelp,
  CirclePause,
  CircleSlash,
  HeartCrack,
  Lock,
  LogOut,
  OctagonX,
  Timer,
  type LucideIcon,
} from "lucide-react";
import type { SettingInForce } from "#domain/service-policy.ts";
import { STAND_STYLES, type InstanceStand, type StandKind } from "../breakers/instance-stand.ts";
import { Badge } from "../ui/badge.tsx";

const ICONS: Readonly<Record<StandKind, LucideIcon>> = {
  "forced-out": OctagonX,
  "no-traffic": CirclePause,
  drained: CircleSlash,
  ejected: Timer,
  unhealthy: HeartCrack,
  "kept-in": Lock,
  leaving: LogOut,
  unconfirmed: CircleHelp,
  in: CircleCheck,
};

/** How an instance stands, at a glance and in words. */
export function InstanceStatus({ stand, setting }: { stand: InstanceStand; setting: SettingInForce }) {
  const { tone, word } = STAND_STYLES[stand.kind];
  const policyWord = stand.kind === "drained" && !setting.drained ? "Weight 0" : word;
  const plain = stand.kind === "in" || stand.kind === "drained" || stand.kind === "no-traffic";
  const isMoreToSay = !plain || stand.words.includes(";");
  return (
    <>
      <Badge tone={tone} icon={ICONS[stand.kind]}>
        {policyWord}
      </Badge>
      {isMoreToSay && <div className="mt-0.5 max-w-64 text-sm text-ink-2">{stand.words}</div>}
      {stand.ejections > 0 && (
        <div className="text-sm whitespace-nowrap text-ink-3">
          Ejected {stand.ejections === 1 ? "once" : `${stand.ejections.toString()} times`} so far
        </div>
      )}
    </>
  );
}
