"use client";

import { X, type LucideIcon } from "lucide-react";
import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { VIEW_QUERY_LENGTH } from "#domain/saved-view.ts";
import { cn } from "../../ui/cn.ts";
import { INPUT_CLASS } from "../../ui/input.tsx";
import type { KnownValues } from "./complete-query.ts";
import type { QueryProblem } from "./query.ts";
import { useCompletion } from "./use-completion.ts";

interface QueryFieldProps {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly problem: QueryProblem | null;
  readonly known: KnownValues;
  /** What came of it, at the field's right end. */
  readonly result: string;
  /** The same for screen readers, where the eye sees more; empty: `result` says it. */
  readonly spoken?: string;
  readonly onEnter?: (backwards: boolean) => void;
  /** Beside the field: help. */
  readonly children?: ReactNode;
}

/** A field for a query: completes what is typed, and says where it cannot be read. */
export function QueryField(props: QueryFieldProps) {
  const { label, icon: Icon, text, setText, problem, known, result, spoken = "", onEnter, children } = props;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [hasFocus, setHasFocus] = useState(false);
  const list = useCompletion({ text, setText, known, input });
  const isOpen = hasFocus && list.items.length > 0;
  const showProblem = problem !== null && !isOpen;

  const onKeyDown = (event: KeyboardEvent): void => {
    if (list.onKey(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Enter") {
      event.preventDefault();
      list.open(false);
      onEnter?.(event.shiftKey);
    } else if (event.key === "Escape" && text !== "") {
      event.stopPropagation();
      setText("");
    }
  };

  return (
    <div className="relative min-w-0 flex-1 basis-64">
      <div className="relative flex items-center">
        <Icon aria-hidden className="pointer-events-none absolute left-2 size-4 text-ink-3" />
        <input
          ref={input}
          type="text"
          role="combobox"
          aria-label={label}
          aria-autocomplete="list"
          aria-expanded={isOpen}
          aria-controls={isOpen ? `${id}-list` : undefined}
          aria-activedescendant={isOpen && list.at >= 0 ? `${id}-${list.at.toString()}` : undefined}
          aria-invalid={problem === null ? undefined : true}
          aria-describedby={showProblem ? `${id}-problem` : undefined}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={VIEW_QUERY_LENGTH}
          placeholder={label}
          value={text}
          className={cn(INPUT_CLASS, "pl-8", children === undefined ? "pr-24" : "pr-32")}
          onChange={(event) => {
            setText(event.target.value);
            list.open(true);
          }}
          onKeyDown={onKeyDown}
          onFocus={() => {
            setHasFocus(true);
          }}
          onBlur={() => {
            setHasFocus(false);
            list.open(false);
          }}
        />
        <span className="absolute right-1 flex items-center gap-0.5">
          <span role="status" className="max-w-24 truncate text-sm whitespace-nowrap text-ink-3 max-sm:max-w-20">
            {result}
            {spoken !== "" && <span className="sr-only">: {spoken}</span>}
          </span>
          {text !== "" && (
            <button
              type="button"
              aria-label={`Clear ${label.toLowerCase()}`}
              className="flex size-6 items-center justify-center rounded text-ink-3 hover:bg-hover hover:text-ink"
              onClick={() => {
                setText("");
                input.current?.focus();
              }}
            >
              <X aria-hidden className="size-4" />
            </button>
          )}
          {children}
        </span>
      </div>
      {isOpen && (
        <div
          id={`${id}-list`}
          role="listbox"
          aria-label={`Completions of ${label.toLowerCase()}`}
          className="absolute inset-x-0 top-full z-40 mt-1 max-h-72 overflow-y-auto rounded-md border border-line bg-surface py-1 shadow-pop"
        >
          {list.items.map((item, at) => (
            <div
              key={item.text}
              id={`${id}-${at.toString()}`}
              role="option"
              aria-selected={at === list.at}
              className={cn(
                "flex cursor-default gap-3 px-2.5 py-1 select-none",
                at === list.at ? "bg-hover" : "hover:bg-hover",
              )}
              // Before the field loses the focus, and with it the list.
              onPointerDown={(event) => {
                event.preventDefault();
                list.take(item);
              }}
            >
              <span className="font-mono text-sm leading-5">{item.text}</span>
              <span className="ml-auto truncate text-ink-3">{item.about}</span>
            </div>
          ))}
        </div>
      )}
      {showProblem && <ProblemNote id={`${id}-problem`} text={text} problem={problem} floating={hasFocus} />}
    </div>
  );
}

interface ProblemNoteProps {
  readonly id: string;
  readonly text: string;
  readonly problem: QueryProblem;
  /** While one types nothing below may move. */
  readonly floating: boolean;
}

function ProblemNote({ id, text, problem, floating }: ProblemNoteProps) {
  const { at, end, message } = problem;
  return (
    <div
      id={id}
      className={cn(
        "mt-1 rounded-md text-sm text-bad",
        floating && "absolute inset-x-0 top-full z-30 border border-line bg-surface px-2.5 py-1.5 shadow-pop",
      )}
    >
      <p className="break-words">{message}.</p>
      <p aria-hidden className="mt-0.5 truncate font-mono text-ink-2">
        {text.slice(Math.max(0, at - 24), at)}
        <mark className="bg-bad-tint text-bad underline decoration-wavy">
          {at >= text.length ? "\u2009…" : text.slice(at, end)}
        </mark>
        {text.slice(end, end + 24)}
      </p>
    </div>
  );
}
