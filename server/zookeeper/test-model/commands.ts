import type { DriftMode } from "#domain/drift.ts";
import type { Edit } from "./model-database.ts";
import type { Random } from "./random.ts";

/** What somebody who is not Meshkeeper does to our part of the tree. */
export const TAMPERINGS = [
  "change",
  "poison",
  "delete",
  "stranger",
  "poison-head",
  "delete-head",
  "set-head-back",
  "foreign-mesh",
] as const;
export type Tampering = (typeof TAMPERINGS)[number];

/** One thing that happens. Consoles and gateways are named by number, counted round. */
export type Command =
  | { readonly kind: "edit"; readonly edits: readonly Edit[]; readonly console: number }
  /** The period of every loop of the console, or of the gateway, is over: everything is read anew. */
  | { readonly kind: "console-period" | "gateway-period"; readonly who: number }
  /** The process is killed and started again; a console's session lives on for a while. */
  | { readonly kind: "crash-console"; readonly who: number }
  | { readonly kind: "crash-gateway"; readonly who: number; readonly keepsDisk: boolean }
  | { readonly kind: "pause-console" | "resume-console" | "pause-gateway" | "resume-gateway"; readonly who: number }
  | { readonly kind: "cut-console" | "cut-gateway"; readonly who: number }
  /** Somebody deletes the console's candidate node; its session lives on. */
  | { readonly kind: "depose-console"; readonly who: number }
  /** ZooKeeper ends the console's session: its ephemeral nodes go, and it does not know yet. */
  | { readonly kind: "expire-console"; readonly who: number }
  | { readonly kind: "tamper"; readonly how: Tampering; readonly id: string }
  /** ZooKeeper starts again with an empty disk; with an old copy of its disk, if one was taken. */
  | { readonly kind: "wipe" | "copy-disk" | "roll-back" }
  | { readonly kind: "back-up" | "restore" | "replace-database" }
  /** Time passes, so that nodes of objects removed before may be deleted. */
  | { readonly kind: "age" }
  | { readonly kind: "set-drift-mode"; readonly mode: DriftMode };

/** A command, and how many steps the processes take after it. */
export interface Scene {
  readonly command: Command;
  readonly steps: number;
}

/** A whole run: how large the world is, how bad its network, and what happens. */
export interface Script {
  readonly consoles: number;
  readonly gateways: number;
  readonly weather: "fair" | "foul";
  readonly scenes: readonly Scene[];
}

const IDS = ["a", "b", "c"] as const;

/** What may be drawn, and how often. */
type Table<T> = readonly [Choice<T>, ...Choice<T>[]];
type Choice<T> = readonly [weight: number, make: (random: Random) => T];

const who = (random: Random): number => random.below(6);
const EVERYDAY: Table<Command> = [
  [10, (random) => ({ kind: "edit", edits: edits(random), console: who(random) })],
  [2, (random) => ({ kind: "console-period", who: who(random) })],
  [1, (random) => ({ kind: "gateway-period", who: who(random) })],
  [2, (random) => ({ kind: "crash-console", who: who(random) })],
  [1, (random) => ({ kind: "crash-gateway", who: who(random), keepsDisk: random.chance(0.7) })],
  [3, (random) => ({ kind: "pause-console", who: who(random) })],
  [3, (random) => ({ kind: "resume-console", who: who(random) })],
  [1, (random) => ({ kind: "pause-gateway", who: who(random) })],
  [1, (random) => ({ kind: "resume-gateway", who: who(random) })],
  [1, (random) => ({ kind: "cut-console", who: who(random) })],
  [1, (random) => ({ kind: "cut-gateway", who: who(random) })],
  [3, (random) => ({ kind: "expire-console", who: who(random) })],
  [2, (random) => ({ kind: "depose-console", who: who(random) })],
  [2, () => ({ kind: "age" })],
];
const DISASTERS: Table<Command> = [
  ...EVERYDAY,
  [6, (random) => ({ kind: "tamper", how: random.pick(TAMPERINGS), id: random.pick(IDS) })],
  [2, () => ({ kind: "wipe" })],
  [2, () => ({ kind: "copy-disk" })],
  [2, () => ({ kind: "roll-back" })],
  [2, () => ({ kind: "back-up" })],
  [2, () => ({ kind: "restore" })],
  [1, () => ({ kind: "replace-database" })],
  [1, (random) => ({ kind: "set-drift-mode", mode: random.chance(0.7) ? "hold" : "repair" })],
];

/** A console stands still in the middle of a pass, loses its session, and goes on when another has published. */
function zombie(random: Random): Scene[] {
  const console = who(random);
  const losing: Command = { kind: random.chance(0.7) ? "expire-console" : "depose-console", who: console };
  return [
    { command: { kind: "edit", edits: edits(random), console }, steps: 5 + random.below(25) },
    { command: { kind: "pause-console", who: console }, steps: 0 },
    { command: losing, steps: random.below(10) },
    { command: { kind: "edit", edits: edits(random), console: console + 1 }, steps: 20 + random.below(30) },
    { command: { kind: "resume-console", who: console }, steps: 15 },
  ];
}

/** ZooKeeper comes back from an old copy of its disk, after it was acknowledged that it is past that. */
function rollBack(random: Random): Scene[] {
  return [
    { command: { kind: "copy-disk" }, steps: 0 },
    { command: { kind: "edit", edits: edits(random), console: who(random) }, steps: 20 + random.below(30) },
    { command: { kind: "roll-back" }, steps: random.below(30) },
  ];
}

/** The database comes back from a backup, with the mesh past it, perhaps without a head that says so. */
function behind(random: Random): Scene[] {
  const headless: Scene[] = [
    { command: { kind: "tamper", how: random.pick(["delete-head", "poison-head"]), id: "a" }, steps: 0 },
  ];
  return [
    { command: { kind: "back-up" }, steps: 0 },
    { command: { kind: "edit", edits: edits(random), console: who(random) }, steps: 30 + random.below(30) },
    ...(random.chance(0.5) ? headless : []),
    { command: { kind: "restore" }, steps: 30 },
  ];
}

/** The same with a ZooKeeper that lost everything: only gateways know that there was more. */
function forgotten(random: Random): Scene[] {
  return [
    { command: { kind: "back-up" }, steps: 0 },
    { command: { kind: "edit", edits: edits(random), console: who(random) }, steps: 30 + random.below(30) },
    { command: { kind: "restore" }, steps: random.below(3) },
    { command: { kind: "wipe" }, steps: 30 },
  ];
}

const STORIES: Table<Scene[]> = [
  [1, zombie],
  [1, rollBack],
  [1, behind],
  [1, forgotten],
];

/** Draws a run. Every second one is without disasters, so that what must hold on ordinary days is held strictly. */
export function drawScript(random: Random): Script {
  const [commands, stories]: [Table<Command>, Table<Scene[]>] = random.chance(0.5)
    ? [EVERYDAY, [[1, zombie]]]
    : [DISASTERS, STORIES];
  const length = 2 + random.below(5);
  const scenes = Array.from({ length }, () => ({ command: draw(random, commands), steps: steps(random) }));
  if (random.chance(0.4)) scenes.splice(random.below(length), 0, ...draw(random, stories));
  return {
    consoles: random.chance(0.85) ? 2 : 3,
    gateways: random.chance(0.8) ? 1 : 2,
    weather: random.chance(0.6) ? "fair" : "foul",
    scenes,
  };
}

/** Mostly few, so that commands meet passes that are under way. */
function steps(random: Random): number {
  return random.chance(0.1) ? 30 : random.below(8);
}

function edits(random: Random): readonly Edit[] {
  const first = random.below(IDS.length);
  const count = random.chance(0.4) ? 2 : 1;
  return Array.from({ length: count }, (_, index) => ({
    id: IDS[(first + index) % IDS.length] ?? IDS[0],
    remove: random.chance(0.3),
  }));
}

function draw<T>(random: Random, table: Table<T>): T {
  const total = table.reduce((sum, [weight]) => sum + weight, 0);
  let left = random.below(total);
  for (const [weight, make] of table) {
    left -= weight;
    if (left < 0) return make(random);
  }
  return table[0][1](random);
}
