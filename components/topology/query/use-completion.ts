"use client";

import { useState, type KeyboardEvent, type RefObject } from "react";
import { completeQuery, type Completion, type KnownValues } from "./complete-query.ts";

interface CompletionRequest {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly known: KnownValues;
  readonly input: RefObject<HTMLInputElement | null>;
}

export interface CompletionList {
  readonly items: readonly Completion[];
  /** Index of the one that is taken by Enter; -1: none. */
  readonly at: number;
  readonly open: (isOpen: boolean) => void;
  readonly take: (item: Completion) => void;
  /** True when the key was for the list. */
  readonly onKey: (event: KeyboardEvent) => boolean;
}

/** The list of what one can go on with under a query field. Tab takes the first, arrows and Enter any. */
export function useCompletion({ text, setText, known, input }: CompletionRequest): CompletionList {
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const cursor = input.current?.selectionStart ?? text.length;
  const found = isOpen ? completeQuery(text, Math.min(cursor, text.length), known) : null;
  // What stands there already need not be offered.
  const items = found?.items.filter((item) => item.text !== text.slice(found.from, found.to)) ?? [];
  const isTyping = found !== null && found.from < found.to;

  const take = (item: Completion): void => {
    if (found === null) return;
    const before = text.slice(0, found.from);
    const after = text.slice(found.to);
    const space = after.startsWith(" ") ? "" : " ";
    const next = `${before}${before === "" || /[\s(]$/u.test(before) ? "" : " "}${item.text}${space}`;
    setText(next + after);
    setAt(-1);
    // Once React has put the text there, the cursor goes behind what was taken.
    requestAnimationFrame(() => input.current?.setSelectionRange(next.length, next.length));
  };

  const onKey = (event: KeyboardEvent): boolean => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      setAt(
        isOpen && items.length > 0
          ? (at + step + items.length + (at === -1 && step === -1 ? 1 : 0)) % items.length
          : -1,
      );
      setOpen(true);
      return true;
    }
    if (event.key === "Escape" && isOpen && items.length > 0) {
      setOpen(false);
      setAt(-1);
      return true;
    }
    const chosen = items[at] ?? (event.key === "Tab" && isTyping && !event.shiftKey ? items[0] : undefined);
    if (chosen === undefined || (event.key !== "Enter" && event.key !== "Tab")) return false;
    take(chosen);
    return true;
  };

  return {
    items,
    at,
    open: (next) => {
      setOpen(next);
      setAt(-1);
    },
    take,
    onKey,
  };
}
