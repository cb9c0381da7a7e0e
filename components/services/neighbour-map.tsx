import Link from "next/link";
import type { Health } from "#domain/topology.ts";
import { formatRate, formatRatio } from "../format/number.ts";
import { links } from "../links.ts";
import { HEALTH_STYLES } from "../topology/health-style.ts";
import { cn } from "../ui/cn.ts";
import type { Neighbour, Neighbours } from "./neighbours-of.ts";

/** Neighbours drawn on each side. */
const MOST = 8;
const BOX = 40;
const GAP = 8;

interface NeighbourMapProps {
  readonly service: string;
  readonly health: Health;
  readonly neighbours: Neighbours;
}

/** The service between who calls it and whom it calls; each arrow leads to itself in the topology. */
export function NeighbourMap({ service, health, neighbours: { callers, called } }: NeighbourMapProps) {
  const rows = Math.max(1, Math.min(MOST, callers.length), Math.min(MOST, called.length));
  const height = rows * (BOX + GAP) - GAP;
  const style = HEALTH_STYLES[health];
  return (
    <div>
      <div className="grid grid-cols-[minmax(0,1fr)_minmax(16px,56px)_minmax(0,1fr)_minmax(16px,56px)_minmax(0,1fr)] text-sm">
        <Side label="Callers" none="Nobody calls it." neighbours={callers} height={height} />
        <Arrows neighbours={callers} height={height} inward />
        <div className="flex items-center" style={{ height }}>
          <div
            className="flex w-full min-w-0 flex-col items-center rounded-md border-2 bg-surface px-2 py-1.5"
            style={{ borderColor: style.color }}
          >
            <span className="w-full truncate text-center font-semibold">{service}</span>
            <span className="flex items-center gap-1 text-ink-2">
              <style.icon aria-hidden className="size-3.5" style={{ color: style.color }} />
              {style.word}
            </span>
          </div>
        </div>
        <Arrows neighbours={called} height={height} />
        <Side label="Called services" none="It calls nobody." neighbours={called} height={height} />
      </div>
      {(callers.length > MOST || called.length > MOST) && (
        <div className="mt-2 flex justify-between text-sm text-accent">
          <More count={callers.length - MOST} what="callers" href="#callers" />
          <More count={called.length - MOST} what="called" href="#called" />
        </div>
      )}
    </div>
  );
}

function More({ count, what, href }: { count: number; what: string; href: string }) {
  if (count <= 0) return <span />;
  return (
    <a href={href} className="hover:underline">
      +{count} more {what}
    </a>
  );
}

interface SideProps {
  readonly label: string;
  readonly none: string;
  readonly neighbours: readonly Neighbour[];
  readonly height: number;
}

function Side({ label, none, neighbours, height }: SideProps) {
  const shown = neighbours.slice(0, MOST);
  if (shown.length === 0)
    return (
      <p className="flex items-center justify-center text-center text-ink-3" style={{ height }}>
        {none}
      </p>
    );
  return (
    <ul aria-label={label} className="flex min-w-0 flex-col justify-center gap-2" style={{ height }}>
      {shown.map(({ name, edge, standsInPerSecond }) => (
        <li key={edge.id} className="min-w-0">
          <Link
            href={links.topology(edge.id)}
            className={cn(
              "flex h-10 min-w-0 flex-col justify-center rounded-md border bg-surface px-2 leading-4 hover:bg-hover",
              edge.configuredOnly ? "border-dashed border-line-strong" : "border-line-strong",
            )}
          >
            <span className="truncate font-medium">{name === "outside" ? "outside the mesh" : name}</span>
            <span className="truncate text-xs text-ink-3">
              {standsInPerSecond > 0
                ? `answers ${formatRate(standsInPerSecond)} as backup`
                : `${callsInWords(edge)}${edge.asFallback ? " as a backup" : ""}`}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function callsInWords({ configuredOnly, requestsPerSecond, errorRatio }: Neighbour["edge"]): string {
  if (configuredOnly) return "no calls now";
  return `${formatRate(requestsPerSecond)}${errorRatio > 0 ? `, ${formatRatio(errorRatio)} errors` : ""}`;
}

/** Lines between the boxes of one side and the middle, each in the colour of its health. */
function Arrows({
  neighbours,
  height,
  inward = false,
}: {
  neighbours: readonly Neighbour[];
  height: number;
  inward?: boolean;
}) {
  const shown = neighbours.slice(0, MOST);
  const taken = shown.length * (BOX + GAP) - GAP;
  const middle = height / 2;
  return (
    <svg
      aria-hidden
      viewBox={`0 0 100 ${height.toString()}`}
      preserveAspectRatio="none"
      className="w-full"
      style={{ height }}
    >
      {shown.map(({ edge }, at) => {
        const y = (height - taken) / 2 + at * (BOX + GAP) + BOX / 2;
        const [from, to] = inward ? [y, middle] : [middle, y];
        return (
          <path
            key={edge.id}
            d={`M0 ${from.toString()}C50 ${from.toString()} 50 ${to.toString()} 100 ${to.toString()}`}
            fill="none"
            stroke={edge.configuredOnly ? "var(--line-strong)" : HEALTH_STYLES[edge.health].color}
            strokeWidth={edge.configuredOnly ? 1.25 : 2}
            strokeDasharray={edge.configuredOnly ? "3 4" : undefined}
            vectorEffect="non-scaling-stroke"
          />
        );
      })}
    </svg>
  );
}
