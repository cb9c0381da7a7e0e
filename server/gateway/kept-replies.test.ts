import { beforeEach, describe, expect, it } from "vitest";
import { KeptReplies, type GoodReply } from "./kept-replies.ts";
import type { Keeping } from "./reply-keeping.ts";
import { ReplyMemory } from "./reply-memory.ts";

const PAGE = "http://shop.test/";
const KEEPING: Keeping = { ageMs: 0, ageLimitMs: Number.POSITIVE_INFINITY, forAll: true, chosenBy: [] };
let memory: ReplyMemory;
let replies: KeptReplies;

beforeEach(() => {
  memory = new ReplyMemory(400_000);
  replies = new KeptReplies(memory);
});

const reply = (body: string, keeping: Partial<Keeping> = {}, receivedMs = 0): GoodReply => ({
  headers: [],
  body: Buffer.from(body),
  keeping: { ...KEEPING, ...keeping },
  receivedMs,
});
const shown = (resource = PAGE, sent: string[] = [], nowMs = 0, from = replies): string | undefined =>
  from.find(resource, sent, nowMs, 60_000)?.reply.body.toString();

describe("kept replies", () => {
  it("are the latest to each resource, until they are older than allowed", () => {
    replies.keep(PAGE, [], reply("one"));
    replies.keep(PAGE, [], reply("two", {}, 1000));
    expect([shown(PAGE, [], 61_000), shown(PAGE, [], 61_001), shown("http://shop.test/other")]).toEqual([
      "two",
      undefined,
      undefined,
    ]);
  });

  it("are older than they have been here by the age they came with, and never shown beyond their own limit", () => {
    replies.keep(PAGE, [], reply("aged", { ageMs: 59_000 }));
    expect([shown(PAGE, [], 1000), shown(PAGE, [], 1001)]).toEqual(["aged", undefined]);
    replies.keep(PAGE, [], reply("limited", { ageLimitMs: 5000 }));
    expect([shown(PAGE, [], 5000), shown(PAGE, [], 5001)]).toEqual(["limited", undefined]);
  });

  it("answer those who ask in the same way: one for each choice", () => {
    const chosenBy = ["accept-language"];
    replies.keep(PAGE, ["accept-language", "de"], reply("deutsch", { chosenBy }));
    replies.keep(PAGE, ["accept-language", "en"], reply("english", { chosenBy }));
    replies.keep(PAGE, [], reply("neither", { chosenBy }));
    expect([
      shown(PAGE, ["accept-language", "de"]),
      shown(PAGE, ["accept-language", "en"]),
      shown(PAGE),
      shown(PAGE, ["accept-language", "fr"]),
    ]).toEqual(["deutsch", "english", "neither", undefined]);
    replies.forget(PAGE, ["accept-language", "de"]);
    expect([shown(PAGE, ["accept-language", "de"]), shown(PAGE)]).toEqual([undefined, "neither"]);
    replies.forgetAll(PAGE);
    expect(shown(PAGE)).toBeUndefined();
  });

  it("are at most 16 for one resource, whatever clients choose", () => {
    for (let index = 0; index < 40; index += 1)
      replies.keep(PAGE, ["x", String(index)], reply(String(index), { chosenBy: ["x"] }));
    const left = Array.from({ length: 40 }, (_, index) => shown(PAGE, ["x", String(index)])).filter(Boolean);
    expect(left).toEqual(Array.from({ length: 16 }, (_, index) => String(24 + index)));
  });

  it("take no more room than there is for all commands: what was not asked for longest makes way", () => {
    const other = new KeptReplies(memory);
    const large = "x".repeat(90_000);
    replies.keep(PAGE, [], reply(large));
    other.keep(PAGE, [], reply(large));
    replies.keep("http://shop.test/3", [], reply(large));
    shown();
    replies.keep("http://shop.test/4", [], reply(large));
    expect(shown(PAGE, [], 0, other)).toBeUndefined();
    expect([shown(), shown("http://shop.test/3"), shown("http://shop.test/4")]).toEqual([large, large, large]);
  });

  it("that are larger than all the room drive nobody out", () => {
    replies.keep(PAGE, [], reply("small"));
    replies.keep("http://shop.test/large", [], reply("x".repeat(300_001)));
    expect([shown(), shown("http://shop.test/large")]).toEqual(["small", undefined]);
  });

  it("give their room back with their command, and none comes after", () => {
    replies.keep(PAGE, [], reply("x".repeat(290_000)));
    replies.close();
    replies.keep(PAGE, [], reply("late"));
    expect(shown()).toBeUndefined();
    const other = new KeptReplies(memory);
    other.keep(PAGE, [], reply("y"));
    other.keep("http://shop.test/2", [], reply("x".repeat(290_000)));
    expect(shown(PAGE, [], 0, other)).toBe("y");
  });
});
