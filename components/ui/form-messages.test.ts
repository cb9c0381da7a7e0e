import { expect, it } from "vitest";
import { z } from "zod";
import { formMessage } from "./form-messages.ts";

const Form = z.object({
  text: z.string().max(10).default(""),
  list: z.array(z.string()).max(2).default([]),
  count: z.int().min(1).max(5).default(1),
  named: z.string().min(1, "Give it a name").default("a"),
});

it.each([
  ["a text", { text: "x".repeat(60_000) }, "At most 10 characters; it has 60,000"],
  ["a list", { list: ["a", "b", "c"] }, "At most 2 entries; there are 3"],
  ["a small number", { count: 0 }, "At least 1"],
  ["a great number", { count: 6 }, "At most 5"],
  ["a fraction", { count: 1.5 }, "Enter a whole number"],
  ["no number", { count: null }, "Enter a whole number"],
  ["no text", { text: null }, "Fill this in"],
  ["what the schema speaks of", { named: "" }, "Give it a name"],
])("says of %s what to do", (_name, typed, words) => {
  expect(Form.safeParse(typed, { error: formMessage }).error?.issues[0]?.message).toBe(words);
});
