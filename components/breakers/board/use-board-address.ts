"use client";

import { useUrlState } from "../../ui/use-url-state.ts";
import { GROUPS, SHOW, SORTS, type GroupBy, type Show, type SortBy } from "./board-rows.ts";

const VIEWS = { tiles: "Tiles", table: "Table" } as const;
export type View = keyof typeof VIEWS;

/** One choice that is part of the address; the first is left out of it. Anything else there is the first. */
function useChoice<Choice extends string>(
  name: string,
  choices: Readonly<Record<Choice, string>>,
  first: Choice,
): readonly [Choice, (choice: string) => void] {
  const [value, set] = useUrlState(name);
  const isChoice = (text: string): text is Choice => Object.hasOwn(choices, text);
  return [
    value !== null && isChoice(value) ? value : first,
    (choice) => {
      set(choice === first ? null : choice);
    },
  ];
}

/** What is shown of the breakers, and how: all of it is in the address. */
export interface BoardAddress {
  readonly show: Show;
  readonly setShow: (show: string) => void;
  readonly sort: SortBy;
  readonly setSort: (sort: string) => void;
  readonly reversed: boolean;
  readonly setReversed: (reversed: boolean) => void;
  readonly group: GroupBy;
  readonly setGroup: (group: string) => void;
  readonly view: View;
  readonly setView: (view: string) => void;
}

export function useBoardAddress(): BoardAddress {
  const [show, setShow] = useChoice("show", SHOW, "all");
  const [sort, setSort] = useChoice("sort", SORTS, "worst");
  const [reversed, setReversed] = useUrlState("reversed");
  const [group, setGroup] = useChoice("group", GROUPS, "none");
  const [view, setView] = useChoice("view", VIEWS, "tiles");
  return {
    show,
    setShow,
    sort,
    setSort: (next) => {
      setReversed(null);
      setSort(next);
    },
    reversed: reversed !== null,
    setReversed: (next) => {
      setReversed(next ? "1" : null);
    },
    group,
    setGroup,
    view,
    setView,
  };
}
