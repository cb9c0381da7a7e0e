import { STATE_STYLES } from "../../breakers/breaker-state.ts";
import { formatErrors, formatLatency, formatRate } from "../../format/number.ts";
import type { Rect } from "../layout/layout-types.ts";
import type { GraphNode } from "../model/graph-model.ts";
import {
  BREAKER_INKS,
  CHANGE_STYLES,
  HEALTH_INKS,
  HEALTH_TINTS,
  isSick,
  nodeInk,
  nodeSign,
  notableBreaker,
} from "./drawing-style.ts";
import type { Palette } from "./palette.ts";
import { box, measure, write, type Pen } from "./pen.ts";
import { sign } from "./shapes.ts";

/** Height of the title of a box that holds others, px of the drawing. */
const TITLE_HEIGHT = 32;
/** Side of the square at a box's right end that opens and closes it. */
const TOGGLE_SIZE = 24;
const PAD = 12;
/** Narrower cards have no room for words between their figures. */
const WITH_WORDS = 172;

export interface NodePaint {
  readonly node: GraphNode;
  readonly at: Rect;
  readonly pinned: boolean;
}

/** True for boxes that have an inside to show. */
export function canExpand(node: GraphNode): boolean {
  return node.expanded || node.kind === "service" || node.kind === "group" || node.kind === "subset";
}

/** Where the sign that opens a box is. */
export function toggleOf(at: Rect): Rect {
  return { x: at.x + at.width - TOGGLE_SIZE - 4, y: at.y + 4, width: TOGGLE_SIZE, height: TOGGLE_SIZE };
}

/** Where the sign of a pinned node is: at the box's top-right corner, half outside. */
export function pinOf(at: Rect): Rect {
  return { x: at.x + at.width - 18, y: at.y - 9, width: 18, height: 18 };
}

/** True for those who call but are not called: they are rounder, and flatter. */
function isBeyond({ kind }: GraphNode): boolean {
  return kind === "outside" || kind === "caller";
}

function radiusOf(node: GraphNode, at: Rect): number {
  if (isBeyond(node) || node.kind === "gateway") return Math.min(18, at.height / 2);
  return node.kind === "instance" ? 6 : 9;
}

function border(node: GraphNode, palette: Palette): { stroke: string; width: number; dash?: readonly number[] } {
  if (node.change === "gone") return { stroke: palette.bad, width: 1.5, dash: [6, 4] };
  if (node.change === "added") return { stroke: palette.good, width: 2 };
  if (isSick(node.health)) return { stroke: palette[HEALTH_INKS[node.health]], width: 1.5 };
  return { stroke: palette.lineStrong, width: 1, ...(node.kind === "group" && { dash: [5, 4] }) };
}

/** The empty card: shade, ground and border. */
function ground(pen: Pen, palette: Palette, { node, at }: NodePaint): void {
  const radius = radiusOf(node, at);
  if (node.kind === "group") {
    // A pile: there is more under it.
    const style = { fill: palette.surface, stroke: palette.lineStrong };
    box(pen, [at.x + 8, at.y + at.height - 10, at.width - 16, 16], radius, style);
    box(pen, [at.x + 4, at.y + at.height - 14, at.width - 8, 17], radius, style);
  } else {
    box(pen, [at.x, at.y + 1.5, at.width, at.height + 1], radius, { fill: palette.shade });
  }
  const fill = isBeyond(node) ? palette.sunken : palette.surface;
  box(pen, [at.x, at.y, at.width, at.height], radius, { fill, ...border(node, palette) });
}

/** A badge on the top-left corner that says how the node differs from the moment compared with. */
function changeBadge(pen: Pen, palette: Palette, { node, at }: NodePaint): void {
  if (node.change === null) return;
  const style = CHANGE_STYLES[node.change];
  box(pen, [at.x - 9, at.y - 9, 18, 18], 9, { fill: palette[style.ink], stroke: palette.canvas, width: 2 });
  sign(pen, style.sign, at.x - 5, at.y - 5, 10, palette.surface);
}

function pinBadge(pen: Pen, palette: Palette, at: Rect): void {
  const { x, y, width, height } = pinOf(at);
  box(pen, [x, y, width, height], 9, { fill: palette.surface, stroke: palette.lineStrong });
  sign(pen, "pin", x + 4, y + 4, 10, palette.ink2);
}

/** The figures: rate and errors to the left, latency to the right. */
function figures(pen: Pen, palette: Palette, { node, at }: NodePaint, y: number): void {
  const color = isSick(node.health) ? palette[HEALTH_INKS[node.health]] : palette.ink2;
  const size = 12;
  const rate = write(pen, palette.font, formatRate(node.requestsPerSecond), at.x + PAD, y, {
    size,
    weight: 500,
    color: palette.ink,
  });
  const errors = `${formatErrors(node)}${node.requestsPerSecond > 0 && at.width >= WITH_WORDS ? " err" : ""}`;
  write(pen, palette.font, errors, at.x + PAD + rate + 8, y, { size, color });
  write(pen, palette.font, formatLatency(node.p95Ms), at.x + at.width - PAD, y, {
    size,
    color: palette.ink2,
    align: "right",
  });
}

/** The last line: what it is to the left, its breaker to the right. */
function foot(pen: Pen, palette: Palette, { node, at }: NodePaint, y: number): void {
  const right = at.x + at.width - PAD;
  let room = at.width - 2 * PAD;
  const state = notableBreaker(node.breaker);
  if (state !== null) {
    const { word } = STATE_STYLES[state];
    const color = palette[BREAKER_INKS[state]];
    sign(pen, state, right - 12, y - 10, 12, color);
    const style = { size: 11, weight: 600, color, align: "right" } as const;
    room -= 24 + write(pen, palette.font, word, right - 16, y, style);
  } else if (node.breaker !== null) {
    sign(pen, "closed", right - 12, y - 10, 12, palette.ink3);
    room -= 20;
  }
  const backup = node.servingAsBackup;
  if (backup) sign(pen, "backup", at.x + PAD, y - 10, 12, palette.accent);
  write(pen, palette.font, backup ? "as backup" : node.note, at.x + PAD + (backup ? 16 : 0), y, {
    size: 11,
    ...(backup ? { color: palette.accent, weight: 500 } : { color: palette.ink3 }),
    most: Math.max(0, room - (backup ? 16 : 0)),
  });
}

function name(pen: Pen, palette: Palette, { node, at }: NodePaint, y: number): void {
  sign(pen, nodeSign(node), at.x + PAD - 1, y - 11.5, 14, palette[nodeInk(node)]);
  const toggle = canExpand(node) ? TOGGLE_SIZE : 4;
  write(pen, palette.font, node.label, at.x + PAD + 19, y, {
    size: 13,
    weight: 600,
    color: palette.ink,
    most: at.width - PAD - 19 - toggle - 6,
  });
  if (canExpand(node)) {
    sign(pen, node.expanded ? "collapse" : "expand", at.x + at.width - 23, y - 12, 15, palette.ink3);
  }
}

/** A box with all that is known about it. What does not fit its height is left out, the last line first. */
export function paintCard(pen: Pen, palette: Palette, paint: NodePaint): void {
  const { at, node, pinned } = paint;
  const alpha = pen.globalAlpha;
  ground(pen, palette, paint);
  if (node.change === "gone") pen.globalAlpha = alpha * 0.6;
  const lines = at.height >= 66 ? 3 : at.height >= 46 ? 2 : 1;
  const first = lines === 1 ? at.y + at.height / 2 + 4.5 : at.y + (at.height - (lines - 1) * 20) / 2 + 4;
  name(pen, palette, paint, first);
  if (lines > 1) figures(pen, palette, paint, first + 20);
  if (lines > 2) foot(pen, palette, paint, first + 40.5);
  pen.globalAlpha = alpha;
  changeBadge(pen, palette, paint);
  if (pinned) pinBadge(pen, palette, at);
}

/** Px of the view that a name needs beside it before a box is worth a sign of health that says "all is well". */
const SIGN_FROM = 84;
/** Px of the view in height that name and figures need. */
const TWO_LINES_FROM = 33;

/** Px of the view in height that a name on two lines needs. */
const TWO_NAME_LINES_FROM = 23;

/**
 * A name parted after a hyphen, dot or the like, nearest to its middle; null when it has none. What tells services apart is
 * mostly at the end, which is the first to go where a long name is cut.
 */
function inTwo(label: string): readonly [string, string] | null {
  const breaks = [...label.matchAll(/[-._/]/g)].map(({ index }) => index + 1).filter((at) => at < label.length);
  const [first, ...others] = breaks;
  if (first === undefined) return null;
  const off = (at: number): number => Math.abs(at - label.length / 2);
  const best = others.reduce((near, at) => (off(at) < off(near) ? at : near), first);
  return [label.slice(0, best), label.slice(best)];
}

function hasSign(node: GraphNode, at: Rect, scale: number): boolean {
  return isSick(node.health) || node.kind === "outside" || at.width * scale >= SIGN_FROM;
}

/** The name in the middle of a box, after the sign of its health where that says something or has room; `alone`: no figures below. */
function briefName(
  pen: Pen,
  palette: Palette,
  { node, at }: NodePaint,
  scale: number,
  { middle, alone }: { readonly middle: number; readonly alone: boolean },
): void {
  // The size that reads best on the screen, in steps so that the same letters are used again.
  const size = Math.min(at.height * 0.5, Math.max(13, Math.round(10.5 / scale)));
  const signed = hasSign(node, at, scale);
  const mark = signed ? size * 1.4 : 0;
  const pad = Math.min(PAD, 4 / scale);
  const room = at.width - 2 * pad - mark;
  const full = measure(pen, palette.font, node.label, size, 600);
  const parts = alone && full > room && at.height * scale >= TWO_NAME_LINES_FROM ? inTwo(node.label) : null;
  if (parts !== null) {
    if (signed) sign(pen, nodeSign(node), at.x + pad, middle - size * 0.52, size * 1.04, palette[nodeInk(node)]);
    const small = size * 0.9;
    const style = { size: small, weight: 600, color: palette.ink, align: "center", most: room } as const;
    const centre = at.x + pad + mark + room / 2;
    write(pen, palette.font, parts[0], centre, middle - small * 0.16, style);
    write(pen, palette.font, parts[1], centre, middle + small * 0.88, style);
    return;
  }
  const width = Math.min(room, full);
  const left = at.x + (at.width - width - mark) / 2;
  if (signed) sign(pen, nodeSign(node), left, middle - size * 0.52, size * 1.04, palette[nodeInk(node)]);
  const style = { size, weight: 600, color: palette.ink, most: room };
  write(pen, palette.font, node.label, left + mark, middle + size * 0.36, style);
}

/** Rate and errors on one line, as large as can be read. */
function briefFigures(pen: Pen, palette: Palette, { node, at }: NodePaint, scale: number, y: number): void {
  const size = Math.round(20 / scale) / 2;
  const said = `${formatRate(node.requestsPerSecond)} · ${formatErrors(node)}`;
  write(pen, palette.font, said, at.x + at.width / 2, y, {
    size,
    color: isSick(node.health) ? palette[HEALTH_INKS[node.health]] : palette.ink2,
    align: "center",
    most: at.width - 2 * PAD,
  });
}

/** A box from some way off: its name, as large as fits, its health, and its figures where they can be read. */
export function paintBrief(pen: Pen, palette: Palette, paint: NodePaint, scale: number): void {
  const { at, node } = paint;
  // Too small for a sign, what is well has none; all else is told apart by its ground, too.
  const fill = node.health === "healthy" ? palette.surface : palette[HEALTH_TINTS[node.health]];
  const edge = border(node, palette);
  if (node.kind === "group") {
    const under = [at.x + 6, at.y + at.height - 8, at.width - 12, 16] as const;
    box(pen, under, radiusOf(node, at), { fill: palette.surface, stroke: palette.lineStrong, width: 1 / scale });
  }
  box(pen, [at.x, at.y, at.width, at.height], radiusOf(node, at), {
    ...edge,
    fill: isBeyond(node) ? palette.sunken : fill,
    width: Math.max(edge.width, (isSick(node.health) ? 1.4 : 1) / scale),
  });
  const two = at.height * scale >= TWO_LINES_FROM;
  briefName(pen, palette, paint, scale, { middle: at.y + at.height * (two ? 0.34 : 0.5), alone: !two });
  if (two) briefFigures(pen, palette, paint, scale, at.y + at.height * 0.8);
  changeBadge(pen, palette, paint);
}

/** The frame of a box that holds others, and its title. */
export function paintHolder(pen: Pen, palette: Palette, paint: NodePaint, scale: number, titled: boolean): void {
  const { at, node, pinned } = paint;
  const edge = border(node, palette);
  box(pen, [at.x, at.y, at.width, at.height], 12, {
    ...edge,
    fill: node.kind === "subset" ? palette.canvas : palette.sunken,
    width: Math.max(edge.width, 1 / scale),
  });
  if (!titled) return;
  const y = at.y + TITLE_HEIGHT / 2 + 5;
  name(pen, palette, paint, y);
  const label = measure(pen, palette.font, node.label, 13, 600);
  const from = at.x + PAD + 19 + label + 10;
  const room = at.x + at.width - TOGGLE_SIZE - 8 - from;
  const known = [formatRate(node.requestsPerSecond), `${formatErrors(node)} err`, formatLatency(node.p95Ms)];
  // Whole figures only: half of one would be read as another.
  const said = [3, 2, 1].map((count) => known.slice(0, count).join(" · "));
  const fitting = said.find((words) => measure(pen, palette.font, words, 11) <= room);
  if (fitting !== undefined) write(pen, palette.font, fitting, from, y, { size: 11, color: palette.ink3 });
  changeBadge(pen, palette, paint);
  if (pinned) pinBadge(pen, palette, at);
}
