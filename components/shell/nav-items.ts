import {
  FlaskConical,
  Gauge,
  GitFork,
  HeartPulse,
  Network,
  RefreshCw,
  Router,
  ScrollText,
  Server,
  Zap,
  type LucideIcon,
} from "lucide-react";
import { links } from "../links.ts";

export interface NavItem {
  readonly href: string;
  readonly label: string;
  /** Where there is little room. */
  readonly short?: string;
  readonly icon: LucideIcon;
  /** Only where there is room: on a phone it is in the account menu. */
  readonly wideOnly?: true;
  /** Another page that belongs to it. */
  readonly also?: string;
}

export const NAV_ITEMS: readonly NavItem[] = [
  { href: links.overview(), label: "Overview", icon: HeartPulse },
  { href: links.topology(), label: "Topology", icon: Network },
  { href: links.services(), label: "Services", icon: Server, also: links.instances() },
  { href: links.routes(), label: "Routes", icon: GitFork },
  { href: links.simulator(), label: "Try a request", short: "Try", icon: FlaskConical },
  { href: links.breakers(), label: "Breakers", icon: Zap },
  { href: links.audit(), label: "Audit", icon: ScrollText },
  { href: links.gateways(), label: "Gateways", icon: Router },
  { href: links.sync(), label: "Sync", icon: RefreshCw },
  { href: links.healthSettings(), label: "Health", icon: Gauge, wideOnly: true },
];

/** True when `pathname` is the item's page, one below it, or one that belongs to it. */
export function isCurrent(item: NavItem, pathname: string): boolean {
  return pathname === item.href || pathname === item.also || pathname.startsWith(`${item.href}/`);
}
