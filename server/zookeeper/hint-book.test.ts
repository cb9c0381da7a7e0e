import { expect, it } from "vitest";
import { openHintBook } from "./hint-book.ts";

it("gives a hint once to each who asked, and only for that path and kind", () => {
  const given: string[] = [];
  const book = openHintBook(() => {});
  const a = (): void => void given.push("a");
  book.ask("node", "/x", a);
  book.ask("node", "/x", a);
  book.ask("node", "/x", () => given.push("b"));
  book.ask("children", "/x", () => given.push("c"));
  book.give("node", "/y");
  book.give("node", "/x");
  book.give("node", "/x");
  expect(given).toEqual(["a", "b"]);
});

it("gives all hints at once, one per listener, and goes on after one that throws", () => {
  const given: string[] = [];
  const thrown: unknown[] = [];
  const book = openHintBook((error) => thrown.push(error));
  const many = (): void => void given.push("many");
  book.ask("node", "/1", () => {
    throw new Error("its own fault");
  });
  for (const path of ["/1", "/2", "/3"]) book.ask("children", path, many);
  book.giveAll();
  book.giveAll();
  expect(given).toEqual(["many"]);
  expect(thrown).toHaveLength(1);
});

it("keeps a question asked from within a hint for the next one", () => {
  let hints = 0;
  const book = openHintBook(() => {});
  const again = (): void => {
    hints += 1;
    book.ask("node", "/x", again);
  };
  book.ask("node", "/x", again);
  book.give("node", "/x");
  expect(hints).toBe(1);
  book.give("node", "/x");
  expect(hints).toBe(2);
});
