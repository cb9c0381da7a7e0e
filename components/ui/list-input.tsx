"use client";

import { useState, type ComponentProps } from "react";
import { Input } from "./input.tsx";

interface ListInputProps<Item extends string | number> extends Omit<ComponentProps<"input">, "value" | "onChange"> {
  readonly value: readonly Item[];
  readonly onChange: (value: Item[]) => void;
  /** What one word of the text stands for. */
  readonly parseItem: (word: string) => Item;
}

/** A short list typed as text: items separated by commas or spaces. */
export function ListInput<Item extends string | number>({ value, onChange, parseItem, ...rest }: ListInputProps<Item>) {
  const parse = (typed: string): Item[] =>
    typed
      .split(/[\s,]+/)
      .filter((word) => word !== "")
      .map(parseItem);
  const [text, setText] = useState(value.join(", "));
  // What was typed stays as typed ("a," on the way to "a, b") unless the list was set from outside.
  if (JSON.stringify(parse(text)) !== JSON.stringify(value)) setText(value.join(", "));
  return (
    <Input
      {...rest}
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        onChange(parse(event.target.value));
      }}
    />
  );
}
