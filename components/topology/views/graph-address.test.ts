import { array, assert, boolean, property, record, string, subarray } from "fast-check";
import { describe, expect, it } from "vitest";
import { EDGE_FIGURES } from "../model/graph-options.ts";
import { DEFAULT_STATE, PARAMETERS, stateOf, wordsOf, type GraphState } from "./graph-address.ts";

const KEYS: readonly (keyof GraphState)[] = [
  "find",
  "hide",
  "labels",
  "gateways",
  "configured",
  "idle",
  "grouped",
  "asTable",
  "expanded",
];

function addressOf(state: GraphState): URLSearchParams {
  const params = new URLSearchParams();
  for (const key of KEYS) {
    const words = wordsOf(key, state);
    if (words !== null) params.set(PARAMETERS[key], words);
  }
  return params;
}

const read = (query: string): GraphState => {
  const params = new URLSearchParams(query);
  return stateOf((name) => params.get(name));
};

describe("the topology's address", () => {
  it("says nothing of what is as usual", () => {
    expect(addressOf(DEFAULT_STATE).toString()).toBe("");
    expect(read("")).toEqual(DEFAULT_STATE);
  });

  it("says everything else, whatever names are in it", () => {
    const states = record({
      find: string({ unit: "grapheme" }),
      hide: string({ unit: "grapheme" }),
      labels: subarray([...EDGE_FIGURES]),
      gateways: boolean(),
      configured: boolean(),
      idle: boolean(),
      grouped: boolean(),
      asTable: boolean(),
      expanded: array(string({ unit: "grapheme", minLength: 1 })),
    });
    assert(
      property(states, (state) => {
        expect(read(addressOf(state).toString())).toEqual(state);
      }),
    );
  });

  it("is read as far as it makes sense", () => {
    expect(read("labels=p95,colour&gateways=maybe&view=round&open=%25E0%25,b")).toEqual({
      ...DEFAULT_STATE,
      labels: ["p95"],
    });
  });
});
