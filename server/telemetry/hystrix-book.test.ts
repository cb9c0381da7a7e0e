import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { messagesOf, type Message } from "#domain/test-hystrix.ts";
import { HystrixBook } from "./hystrix-book.ts";

const EXCERPT = messagesOf(readFileSync(new URL("../domain/test-jvm-stream.txt", import.meta.url), "utf8"));
const [CHARGE = {}, INVOICE = {}] = EXCERPT;
const named = (name: string): Message => ({ ...CHARGE, name });

describe("what JVM instances say of their commands", () => {
  it("is one command for each name of a service, with a reading for each instance", () => {
    const book = new HystrixBook();
    for (const [service, instance] of [
      ["billing", "b-2"],
      ["billing", "b-1"],
      ["returns", "r-1"],
    ] as const) {
      const page = book.open(service, instance);
      for (const message of EXCERPT) book.take(page, message, 1000);
    }
    const commands = book.commands(1500);
    expect(
      commands.map(({ key, group, instances }) => [key, group, instances.map(({ instance }) => instance)]),
    ).toEqual([
      ["billing/ChargeCard", "Billing", ["b-1", "b-2"]],
      ["billing/FetchInvoice", "Billing", ["b-1", "b-2"]],
      ["returns/ChargeCard", "Billing", ["r-1"]],
      ["returns/FetchInvoice", "Billing", ["r-1"]],
    ]);
  });

  it("offers what was short-circuited, too, and has its errors from the counts of all instances", () => {
    const book = new HystrixBook();
    book.take(book.open("billing", "b-1"), CHARGE, 1000);
    book.take(
      book.open("billing", "b-2"),
      { ...CHARGE, requestCount: 36, errorCount: 2, rollingCountShortCircuited: 0 },
      1000,
    );
    // (64 + 120 + 36) calls in ten seconds; (48 + 2) errors among 64 + 36.
    expect(book.commands(1000)).toMatchObject([
      { offeredPerSecond: 22, history: [{ errorPercent: 50, offeredPerSecond: 22, refusedPerSecond: 12 }] },
    ]);
  });

  it("has a history of a moment a second, at most sixty", () => {
    const book = new HystrixBook();
    const page = book.open("billing", "b-1");
    for (let nowMs = 0; nowMs < 70_000; nowMs += 500) {
      book.take(page, CHARGE, nowMs);
      book.commands(nowMs);
    }
    const [command] = book.commands(69_600);
    expect(command?.history.map(({ atMs }) => atMs)).toEqual(Array.from({ length: 60 }, (_, at) => (at + 10) * 1000));
  });

  it("does not pass for the present when it is old, stays to be seen for a while, and goes then", () => {
    const book = new HystrixBook();
    book.take(book.open("billing", "b-1"), CHARGE, 0);
    expect(book.commands(10_001)).toMatchObject([{ offeredPerSecond: 0, instances: [{ receivedAtMs: 0 }] }]);
    expect(book.commands(300_001)).toEqual([]);
  });

  it("goes with its instance, or when Turbine says that a command is gone", () => {
    const book = new HystrixBook();
    const page = book.open("billing", "b-1");
    book.take(page, CHARGE, 0);
    book.take(page, INVOICE, 0);
    book.take(page, { deleteData: "true", type: "HystrixCommand", name: "ChargeCard" }, 0);
    expect(book.commands(0).map(({ name }) => name)).toEqual(["FetchInvoice"]);
    book.close(page);
    book.take(page, CHARGE, 0);
    expect(book.commands(0)).toEqual([]);
  });

  it("keeps so many commands of an instance and of all, says when there were more, and has room again", () => {
    const book = new HystrixBook({ perInstance: 2, altogether: 3 });
    const [one, other] = [book.open("billing", "b-1"), book.open("billing", "b-2")];
    for (const name of ["a", "b", "c"]) book.take(one, named(name), 0);
    expect([one.commands.size, one.truncated]).toEqual([2, true]);
    book.take(other, named("a"), 0);
    expect([other.commands.size, other.truncated]).toEqual([1, false]);
    book.take(other, named("b"), 0);
    expect([other.commands.size, other.truncated]).toEqual([1, true]);
    book.take(one, named("a"), 5);
    expect(book.commands(5).find(({ name }) => name === "a")?.instances).toMatchObject([{ receivedAtMs: 5 }, {}]);
    book.close(one);
    book.take(other, named("b"), 0);
    expect(other.commands.size).toBe(2);
  });

  it("tells names apart that are members of every object", () => {
    const book = new HystrixBook();
    const page = book.open("billing", "b-1");
    for (const name of ["__proto__", "constructor", 'a"b/<c>']) book.take(page, named(name), 0);
    expect(book.commands(0).map(({ key }) => key)).toEqual([
      "billing/__proto__",
      'billing/a"b/<c>',
      "billing/constructor",
    ]);
  });
});
