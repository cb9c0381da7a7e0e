import { expect, it } from "vitest";
import { TransitionBook, type PlacedTransition } from "./transition-book.ts";

const transition = (target: PlacedTransition["target"], atMs: number): PlacedTransition => ({
  gatewayId: "a",
  atMs,
  target,
  from: "closed",
  to: "open",
  cause: "",
  percent: null,
});
const command = (routeId: string) => ({ kind: "command", routeId, service: "pay" }) as const;

it("has a command's own transitions and its service's, latest first, at most twenty", () => {
  const book = new TransitionBook();
  book.add(transition(command("shop"), 3));
  book.add(transition(command("other"), 2));
  book.add(transition({ kind: "service", service: "pay" }, 1));
  book.add(transition({ kind: "service", service: "cart" }, 0));
  expect(book.of("shop", "pay").map(({ atMs }) => atMs)).toEqual([3, 1]);
  for (let atMs = 10; atMs < 60; atMs += 1) book.add(transition(command("shop"), atMs));
  expect(book.of("shop", "pay").map(({ atMs }) => atMs)).toEqual(Array.from({ length: 20 }, (_, n) => 59 - n));
});

it("keeps those of a quiet breaker while another one flaps", () => {
  const book = new TransitionBook();
  book.add(transition(command("quiet"), 1));
  for (let atMs = 2; atMs < 5000; atMs += 1) book.add(transition(command("flapping"), atMs));
  expect(book.of("quiet", "pay")).toHaveLength(1);
});

it("is the same list while there is no news", () => {
  const book = new TransitionBook();
  book.add(transition(command("shop"), 1));
  expect(book.of("shop", "pay")).toBe(book.of("shop", "pay"));
});
