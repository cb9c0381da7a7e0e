import { describe, expect, it } from "vitest";
import { errorList } from "./error-list.ts";

const wrong = (message: string) => ({ type: "custom", message });

describe("errorList", () => {
  it("finds what is wrong at any depth, with the path of its field", () => {
    expect(
      errorList({
        id: wrong("Give the route a name"),
        spec: {
          matches: [undefined, { path: { value: wrong("Starts with /") } }],
          retry: { statuses: [wrong("400")] },
        },
      }),
    ).toEqual([
      { path: "id", message: "Give the route a name" },
      { path: "spec.matches.1.path.value", message: "Starts with /" },
      { path: "spec.retry.statuses.0", message: "400" },
    ]);
  });

  it("lays what is wrong with a list as a whole at the list, and leaves out what the form as a whole was told", () => {
    expect(
      errorList({ root: { console: wrong("Not saved") }, spec: { destinations: { root: wrong("Add one") } } }),
    ).toEqual([{ path: "spec.destinations", message: "Add one" }]);
  });
});
