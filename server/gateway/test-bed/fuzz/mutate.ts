import type { Random } from "./random.ts";

/** Pieces that parsers have disagreed about. */
const TOKENS: readonly [string, ...string[]] = [
  "",
  ..."\r \n \t \x0b \0 : ; , / \\ # ? % . \" ' - + _ ( @ \x7f \x80 \xff".split(" "),
  " ",
  "\r\n",
  "\r\n\r\n",
  "\n\n",
  "\r\r\n",
  "\r\n ",
  "0",
  "0\r\n\r\n",
  "5\r\nhello\r\n",
  "ffffffffffffffff",
  "99999999999999999999",
  "HTTP/1.0",
  "HTTP/1.1",
  "HTTP/2.0",
  "chunked",
  "identity",
  "gzip, chunked",
  "100-continue",
  "close",
  "keep-alive",
  "upgrade",
  "%00",
  "%2f",
  "%2e%2e/",
  "/../",
  "//",
  "http://a.test",
  "http://evil",
  "Host: evil\r\n",
  "Content-Length: 0\r\n",
  "Content-Length: 5\r\n",
  "Content-Length: 50\r\n",
  "Transfer-Encoding: chunked\r\n",
  "Transfer-Encoding:chunked\r\n",
  "Transfer-Encoding: identity\r\n",
  "Connection: close\r\n",
  "Connection: content-length\r\n",
  "Expect: 100-continue\r\n",
  "Upgrade: websocket\r\n",
  "Trailer: X\r\n",
  "X: 1\r\n 2\r\n",
  "GET /smuggled HTTP/1.1\r\nHost: a.test\r\n\r\n",
  "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
];

const MUTATIONS: readonly ((text: string, random: Random, other: string) => string)[] = [
  // A piece put in, or in place of something.
  (text, random) => splice(text, random.below(text.length + 1), 0, random.pick(TOKENS)),
  (text, random) => splice(text, random.below(text.length + 1), 1, random.pick(TOKENS)),
  // Behind a line's end, where pieces that are lines belong.
  (text, random) => {
    const ends = [...text.matchAll(/\r\n/g)];
    return splice(text, (random.pick(ends)?.index ?? 0) + 2, 0, random.pick(TOKENS));
  },
  // A byte gone, another byte, twice the same.
  (text, random) => splice(text, random.below(text.length), 1, ""),
  (text, random) => splice(text, random.below(text.length), 1, String.fromCharCode(random.below(256))),
  (text, random) => {
    const at = random.below(text.length);
    return splice(text, at, 0, text.charAt(at));
  },
  // A bit turned, a letter's case changed.
  (text, random) => {
    const at = random.below(text.length);
    return splice(text, at, 1, String.fromCharCode(text.charCodeAt(at) ^ (1 << random.below(8))));
  },
  (text, random) => {
    const at = random.below(text.length);
    const byte = text.charAt(at);
    return splice(text, at, 1, byte === byte.toLowerCase() ? byte.toUpperCase() : byte.toLowerCase());
  },
  // Lines twice, gone, or in another order.
  (text, random) => onLines(text, (lines) => lines.splice(random.below(lines.length), 0, random.pick(lines) ?? "")),
  (text, random) => onLines(text, (lines) => lines.splice(random.below(lines.length), 1)),
  (text, random) => onLines(text, (lines) => lines.push(...lines.splice(random.below(lines.length), 1))),
  // A number changed.
  (text, random) => {
    const number = random.pick([...text.matchAll(/\d+/g)]);
    if (number === undefined) return text;
    const changed = random.pick([
      "0",
      "1",
      `0${number[0]}`,
      `${number[0]}0`,
      String(Number(number[0]) + 1),
      `-${number[0]}`,
    ]);
    return splice(text, number.index, number[0].length, changed);
  },
  // The head of one, the tail of another; one behind another.
  (text, random, other) => text.slice(0, random.below(text.length)) + other.slice(random.below(other.length)),
  (text, _random, other) => text + other,
];

/** Almost the text: one to four small changes. `other` is what pieces may be taken from. */
export function mutate(text: string, other: string, random: Random): string {
  let mutated = text;
  for (let left = 1 + random.below(4); left > 0; left -= 1)
    mutated = random.pick(MUTATIONS)?.(mutated, random, other) ?? mutated;
  return mutated;
}

/** Cuts a text in up to three pieces. */
export function cut(text: string, random: Random): string[] {
  const cuts = Array.from({ length: random.below(3) }, () => random.below(text.length + 1)).sort(
    (one, two) => one - two,
  );
  return [0, ...cuts].map((at, index) => text.slice(at, cuts[index])).filter((piece) => piece !== "");
}

function splice(text: string, at: number, gone: number, put: string): string {
  return text.slice(0, at) + put + text.slice(at + gone);
}

function onLines(text: string, change: (lines: string[]) => void): string {
  const lines = text.split("\r\n");
  change(lines);
  return lines.join("\r\n");
}
