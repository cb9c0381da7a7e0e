import type { EdgeLook } from "./canvas/drawing-style.ts";
import { INK_VARIABLES, type Ink } from "./canvas/palette.ts";
import { shapePaths, type ShapeName } from "./canvas/shapes.ts";

/** CSS colour of an ink. */
function colorOf(ink: Ink): string {
  return ink === "shade" ? "transparent" : `var(${INK_VARIABLES[ink]})`;
}

/** An arrow as it is drawn; `dotted`: with a dot that flows, and one of a call that failed. */
export function LegendLine({ look, dotted = false }: { look: EdgeLook; dotted?: boolean }) {
  return (
    <svg aria-hidden width={36} height={10}>
      <line
        x2={36}
        y1={5}
        y2={5}
        stroke={colorOf(look.ink)}
        strokeWidth={look.width}
        {...(look.dash !== null && { strokeDasharray: look.dash.join(" ") })}
      />
      {dotted && <circle cx={10} cy={5} r={2.4} fill={colorOf("ink2")} />}
      {dotted && <circle cx={26} cy={5} r={3} fill={colorOf("bad")} />}
    </svg>
  );
}

/** A box, small. */
export function LegendBox({ kind }: { kind: "service" | "outside" | "gateway" | "group" }) {
  const stroke = colorOf("lineStrong");
  return (
    <svg aria-hidden width={34} height={22}>
      {kind === "group" && (
        <rect x={4.5} y={7.5} width={25} height={14} rx={4} fill={colorOf("surface")} stroke={stroke} />
      )}
      <rect
        x={1}
        y={2}
        width={32}
        height={16}
        rx={kind === "outside" || kind === "gateway" ? 8 : 4}
        fill={colorOf(kind === "outside" ? "sunken" : "surface")}
        stroke={stroke}
        {...(kind === "group" && { strokeDasharray: "5 4" })}
      />
      {kind === "gateway" && <Shape sign="gateway" ink="ink2" x={11} y={4} size={12} />}
      {kind === "outside" && <Shape sign="outside" ink="ink2" x={11} y={4} size={12} />}
    </svg>
  );
}

/** A sign of the drawing; `badge`: on a disc of its colour, as it stands on the corner of a box. */
export function LegendSign({ sign, ink, badge = false }: { sign: ShapeName; ink: Ink; badge?: boolean }) {
  return (
    <svg aria-hidden width={18} height={18}>
      {badge && <circle cx={9} cy={9} r={9} fill={colorOf(ink)} />}
      {badge ? (
        <Shape sign={sign} ink="surface" x={4} y={4} size={10} />
      ) : (
        <Shape sign={sign} ink={ink} x={2} y={2} size={14} />
      )}
    </svg>
  );
}

interface ShapeProps {
  readonly sign: ShapeName;
  readonly ink: Ink;
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

function Shape({ sign, ink, x, y, size }: ShapeProps) {
  const { paths, solid } = shapePaths(sign);
  return (
    <g transform={`translate(${x.toString()} ${y.toString()}) scale(${(size / 24).toString()})`}>
      {paths.map((d) => (
        <path
          key={d}
          d={d}
          fill={solid ? colorOf(ink) : "none"}
          stroke={solid ? "none" : colorOf(ink)}
          strokeWidth={2}
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      ))}
    </g>
  );
}
