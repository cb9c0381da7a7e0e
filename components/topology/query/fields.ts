export type FieldType = "text" | "percent" | "latency" | "rate" | "bytes" | "count" | "flag";

interface FieldSpec {
  readonly type: FieldType;
  readonly aliases: readonly string[];
  /** Values that it can have; null: whatever the mesh holds. */
  readonly values: readonly string[] | null;
  readonly about: string;
}

const DEFINED = {
  service: { type: "text", aliases: ["name"], values: null, about: "Name of a service; of a call: of the one called" },
  kind: { type: "text", aliases: [], values: ["outside", "service", "caller", "call"], about: "What it is" },
  health: {
    type: "text",
    aliases: [],
    values: ["healthy", "degraded", "failing", "idle"],
    about: "As the console judges it",
  },
  breaker: {
    type: "text",
    aliases: [],
    values: ["closed", "half-open", "open", "forced-open", "forced-closed"],
    about: "The worst breaker on its calls, with overrides",
  },
  override: {
    type: "text",
    aliases: [],
    values: ["forced-open", "forced-closed"],
    about: "Held by a person",
  },
  rate: { type: "rate", aliases: ["requests", "rps"], values: null, about: "Requests per second: 10/s, 600/m" },
  error: { type: "percent", aliases: ["errors"], values: null, about: "Share of calls that failed: 1%" },
  p50: { type: "latency", aliases: [], values: null, about: "Median latency: 20ms" },
  p95: { type: "latency", aliases: ["latency"], values: null, about: "95th percentile of latency: 500ms, 2s" },
  p99: { type: "latency", aliases: [], values: null, about: "99th percentile of latency" },
  bytes: { type: "bytes", aliases: [], values: null, about: "Response bytes per second: 1MB" },
  share: { type: "percent", aliases: [], values: null, about: "Of a call: its share of all its caller's calls" },
  version: { type: "text", aliases: [], values: null, about: "Label version of its instances" },
  subset: { type: "text", aliases: [], values: null, about: 'Subset as routes name it, quoted: "version=2"' },
  instance: { type: "text", aliases: [], values: null, about: "Id of one of its instances" },
  instances: { type: "count", aliases: [], values: null, about: "How many instances serve" },
  route: { type: "text", aliases: ["routes"], values: null, about: "Route that its calls go through" },
  gateway: { type: "text", aliases: [], values: null, about: "Gateway that carries its calls" },
  from: { type: "text", aliases: ["caller"], values: null, about: "Who calls it" },
  to: { type: "text", aliases: ["callee"], values: null, about: "Whom it calls" },
  backup: { type: "flag", aliases: [], values: ["yes", "no"], about: "Answers as a backup just now" },
  idle: { type: "flag", aliases: [], values: ["yes", "no"], about: "Nothing flows" },
  pinned: { type: "flag", aliases: [], values: ["yes", "no"], about: "A person put it where it is" },
  changed: { type: "flag", aliases: [], values: ["yes", "no"], about: "Differs from the moment compared with" },
} as const satisfies Record<string, FieldSpec>;

export type FieldName = keyof typeof DEFINED;

/** What can be asked for, in the order that help and completions list it. */
export const FIELDS: Readonly<Record<FieldName, FieldSpec>> = DEFINED;

/** Names of all fields, in that order. */
export const FIELD_NAMES: readonly FieldName[] = Object.keys(DEFINED).filter(isFieldName);

function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(DEFINED, name);
}

const BY_WORD: ReadonlyMap<string, FieldName> = new Map(
  FIELD_NAMES.flatMap((name) => [name, ...FIELDS[name].aliases].map((word): [string, FieldName] => [word, name])),
);

/** The field a word names, whatever its case; undefined when it names none. */
export function fieldOf(word: string): FieldName | undefined {
  return BY_WORD.get(word.toLowerCase());
}

/** True when the field is compared as a number. */
export function isNumeric(field: FieldName): boolean {
  return FIELDS[field].type !== "text" && FIELDS[field].type !== "flag";
}

/** True when the field's name alone is a question: `idle`, `override`. */
export function isFlag(field: FieldName): boolean {
  return FIELDS[field].type === "flag" || field === "override";
}
