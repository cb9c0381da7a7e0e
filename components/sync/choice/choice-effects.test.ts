import { describe, expect, it } from "vitest";
import { choiceEffects } from "./choice-effects.ts";
import type { ShownSurvey } from "./shown-survey.ts";

const side = { incarnation: "a", revision: 1, objects: 2 };
const survey: ShownSurvey = {
  mesh: side,
  database: side,
  differences: [
    { key: "routes/both", mesh: { a: 1 }, database: { a: 2 } },
    { key: "routes/only-mesh", mesh: { a: 1 }, database: null },
    { key: "routes/only-database", mesh: null, database: { a: 1 } },
  ],
  total: 5,
  ahead: [],
  canKeepMesh: true,
  unreadable: [],
};

describe("choiceEffects", () => {
  it("removes from the other side what the kept one does not have", () => {
    expect(choiceEffects(survey, "database")).toEqual({
      added: ["routes/only-database"],
      replaced: ["routes/both"],
      removed: ["routes/only-mesh"],
      unlisted: 2,
    });
    expect(choiceEffects(survey, "mesh")).toMatchObject({
      added: ["routes/only-mesh"],
      removed: ["routes/only-database"],
    });
  });
});
