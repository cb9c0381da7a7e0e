"use client";

import { useState, type ComponentProps } from "react";
import { Input } from "./input.tsx";

interface ListInputProps extends Omit<ComponentProps<"input">, "value" | "onChange"> {
  readonly value: readonly string[];
  readonly onChange: (value: string[]) => void;
}

/** Names separated by commas or spaces. */
function parseList(text: string): string[] {
  return text.split(/[\s,]+/).filter((item) => item !== "");
}

/** A short list typed as text. */
export function ListInput({ value, onChange, ...rest }: ListInputProps) {
  const [text, setText] = useState(value.join(", "));
  // What was typed stays as typed ("a," on the way to "a, b") unless the list was set from outside.
  if (JSON.stringify(parseList(text)) !== JSON.stringify(value)) setText(value.join(", "));
  return (
    <Input
      {...rest}
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        onChange(parseList(event.target.value));
      }}
    />
  );
}
