import type { Random } from "#gateway/test-bed/fuzz/random.ts";

/** Pieces that parsers trip over: of JSON, of JavaScript, of paths, of text. */
const TOKENS = [
  '"__proto__"',
  '"constructor"',
  '"prototype"',
  '"toString"',
  "NaN",
  "Infinity",
  "-0",
  "1e999",
  "99999999999999999999",
  "null",
  "true",
  "[]",
  "{}",
  '""',
  '"\\ud800"',
  '"\\u0000"',
  '"\u202egnp.exe"',
  '"<img src=x onerror=alert(1)>"',
  '"%2f..%2f"',
  '"../../etc/passwd"',
  "\ufeff",
  "\u2028",
  ",",
  ":",
  "{",
  "}",
  "[",
  "]",
  '"',
  "\\",
  "\n",
  " ",
  "/*",
  "0",
  "-1",
  "65536",
  "1.5",
] as const;

const NOTHING = Buffer.alloc(0);

const ENTRY_KEYS = [
  "name",
  "id",
  "address",
  "port",
  "sslPort",
  "payload",
  "registrationTimeUTC",
  "serviceType",
  "uriSpec",
  "enabled",
  "__proto__",
  "metadata",
  "@class",
  "v",
  "key",
  "revision",
  "spec",
  "hash",
  "incarnation",
  "instance_status",
  "weight",
  "dubbo.endpoints",
  "destinations",
  "matches",
  "service",
] as const;

/** A few bytes, or pieces of another, changed in each of `samples` by turns; or something made up. */
export function hostileBody(random: Random, samples: readonly Buffer[]): Buffer {
  const kind = random.below(10);
  if (kind === 0) return bytes(random, random.below(64));
  if (kind === 1) return Buffer.from(hostileJson(random, 4));
  if (kind === 2) return nested(random);
  if (kind === 3 && random.below(40) === 0) return Buffer.alloc(random.below(200_000), "x");
  const sample = random.pick(samples) ?? NOTHING;
  let body = sample;
  for (let changes = 1 + random.below(3); changes > 0; changes -= 1)
    body = kind < 7 ? withMember(random, body) : changed(random, body, samples);
  return body;
}

function changed(random: Random, body: Buffer, samples: readonly Buffer[]): Buffer {
  const at = random.below(body.length + 1);
  const to = at + random.below(Math.min(40, body.length - at) + 1);
  const [before, middle, after] = [body.subarray(0, at), body.subarray(at, to), body.subarray(to)];
  switch (random.below(8)) {
    case 0:
      return Buffer.concat([before, after]);
    case 1:
      return before;
    case 2:
      return Buffer.concat([before, middle, middle, after]);
    case 3:
      return Buffer.concat([before, bytes(random, 1 + random.below(4)), after]);
    case 4:
    case 5:
      return Buffer.concat([before, Buffer.from(random.pick(TOKENS)), after]);
    case 6:
      return Buffer.concat([before, (random.pick(samples) ?? NOTHING).subarray(at), after]);
    default:
      return withMember(random, body);
  }
}

/** The value of one member replaced, or a member added: still JSON, so that what comes after the parser is tried too. */
function withMember(random: Random, body: Buffer): Buffer {
  const text = body.toString("latin1");
  const key = random.pick(ENTRY_KEYS);
  const value = hostileJson(random, 3);
  const found = text.indexOf(`"${key}":`);
  if (found === -1) return Buffer.from(text.replace("{", `{"${key}":${value},`), "latin1");
  const start = found + key.length + 3;
  const end = text.slice(start).search(/[,}]/);
  return Buffer.from(text.slice(0, start) + value + (end === -1 ? "}" : text.slice(start + end)), "latin1");
}

function hostileJson(random: Random, depth: number): string {
  const kind = random.below(depth === 0 ? 3 : 5);
  if (kind === 3) return `[${list(random, depth, () => hostileJson(random, depth - 1))}]`;
  if (kind === 4)
    return `{${list(random, depth, () => `"${random.pick(ENTRY_KEYS)}":${hostileJson(random, depth - 1)}`)}}`;
  return random.pick(TOKENS);
}

function list(random: Random, depth: number, item: () => string): string {
  return Array.from({ length: random.below(depth + 2) }, item).join(",");
}

function nested(random: Random): Buffer {
  const deep = random.pick([8, 31, 32, 33, 500, 20_000]) ?? 1;
  const shapes = [
    ["[", "]"],
    ['{"a":', "}"],
    ['{"payload":[', "]}"],
  ] as const;
  const [open, close] = shapes[random.below(shapes.length)] ?? shapes[0];
  return Buffer.from(`${open.repeat(deep)}1${close.repeat(random.below(3) === 0 ? deep - 1 : deep)}`);
}

function bytes(random: Random, count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => random.below(256)));
}

const NAMES = [
  "__proto__",
  "constructor",
  "%2f..%2f..%2fetc",
  "..",
  "%",
  "%ff%fe",
  "%00",
  "a b",
  "<img src=x onerror=alert(1)>",
  "x\u202egnp.exe",
  "\u0000",
  "\ud800",
  "dubbo%3A%2F%2F",
  "tri%3A%2F%2F%5B%3A%3A1%5D%3A50051%2Fcom.foo.Bar%3Finterface%3Dcom.foo.Bar%26",
  "rest%3A%2F%2F10.0.0.9%3A8081%2Fcom.foo.Bar%3F",
  "group%3D%2A%26version%3D%2C%26",
  "timestamp%3D9999999999999%26weight%3D-1%26",
  "consumer%3A%2F%2F",
  "%3F%26%3D%3D%26",
  "@",
  ":",
  "[",
  "]",
  "::1",
  "x".repeat(600),
] as const;

/** A name of a node, of up to four pieces. */
export function hostileName(random: Random): string {
  return Array.from({ length: 1 + random.below(4) }, () => random.pick(NAMES)).join("");
}
