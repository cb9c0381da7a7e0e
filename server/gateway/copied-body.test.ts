import { beforeEach, describe, expect, it } from "vitest";
import type { BodySink, BodyStream } from "./body-stream.ts";
import { CopiedBody } from "./copied-body.ts";
import { ReplyMemory } from "./reply-memory.ts";

let memory: ReplyMemory;
let copies: (string | null)[];
let passed: string;
let source: BodySink;
/** Whether the reader takes more for now. */
let flowing: boolean;
const upstream: BodyStream = {
  start: (sink) => void (source = sink),
  resume: () => undefined,
  discard: () => void (passed += " discarded"),
};
const reader: BodySink = {
  write: (chunk) => {
    passed += chunk.toString();
    return flowing;
  },
  end: () => void (passed += " end"),
  fail: () => void (passed += " broken"),
};

beforeEach(() => {
  memory = new ReplyMemory(400);
  copies = [];
  passed = "";
  flowing = true;
});

function copied(maxBytes = 50): CopiedBody {
  const body = new CopiedBody(upstream, memory, maxBytes, (copy) => copies.push(copy?.toString() ?? null));
  body.start(reader);
  return body;
}

describe("a body that is copied on its way", () => {
  it("passes as it comes, and is there whole at its end, although its pieces are overwritten", () => {
    copied();
    const piece = Buffer.from("abc");
    source.write(piece);
    expect(passed).toBe("abc");
    piece.write("def");
    flowing = false;
    expect(source.write(piece)).toBe(false);
    piece.fill("-");
    expect(copies).toEqual([]);
    source.end();
    expect([passed, copies]).toEqual(["abcdef end", ["abcdef"]]);
  });

  it("may be empty", () => {
    copied();
    source.end();
    expect(copies).toEqual([""]);
  });

  it("is not kept when it breaks off, or nobody wants it", () => {
    const first = copied();
    source.write(Buffer.from("abc"));
    source.fail();
    first.discard();
    copied().discard();
    expect([passed, copies]).toEqual(["abc broken discarded discarded", []]);
    expect(memory.copy(100)).toBe(true);
  });

  it("is given up when it is too large, and still passes", () => {
    copied(5);
    source.write(Buffer.from("abc"));
    source.write(Buffer.from("def"));
    source.write(Buffer.from("ghi"));
    source.end();
    expect([passed, copies]).toEqual(["abcdefghi end", [null]]);
    expect(memory.copy(100)).toBe(true);
  });

  it("is given up when too many are being copied: their room is a quarter of all", () => {
    expect(memory.copy(98)).toBe(true);
    copied();
    source.write(Buffer.from("abc"));
    source.end();
    expect([passed, copies]).toEqual(["abc end", []]);
    memory.copied(98);
    expect([memory.copy(100), memory.copy(1)]).toEqual([true, false]);
  });
});
