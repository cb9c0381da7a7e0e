"use client";

import { useState, type Ref } from "react";
import type { ControlProps } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { PickChip } from "../ui/pick-chip.tsx";
import { labelsToText, textToLabels } from "./labels-text.ts";

interface LabelsInputProps {
  readonly control: ControlProps;
  readonly value: Readonly<Record<string, string>>;
  readonly onChange: (labels: Record<string, string>) => void;
  readonly onBlur: () => void;
  readonly inputRef: Ref<HTMLInputElement>;
  /** Labels instances of the service carry now. */
  readonly known: readonly { readonly key: string; readonly value: string }[];
}

/** Labels of a subset as text, with what instances carry now to pick from. */
export function LabelsInput({ control, value, onChange, onBlur, inputRef, known }: LabelsInputProps) {
  const [text, setText] = useState(() => labelsToText(value));
  // Text being typed stays as it is; labels set from outside are shown.
  if (JSON.stringify(textToLabels(text)) !== JSON.stringify(value)) setText(labelsToText(value));
  return (
    <div className="flex flex-col gap-1">
      <Input
        {...control}
        ref={inputRef}
        onBlur={onBlur}
        placeholder="all instances"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          onChange(textToLabels(event.target.value));
        }}
      />
      {known.length > 0 && (
        <div className="flex flex-wrap gap-1">
          {known.map((label) => {
            const chosen = value[label.key] === label.value;
            return (
              <PickChip
                key={`${label.key}=${label.value}`}
                label={`${label.key}=${label.value}`}
                chosen={chosen}
                onPick={() => {
                  const { [label.key]: _, ...others } = value;
                  onChange(chosen ? others : { ...others, [label.key]: label.value });
                }}
              />
            );
          })}
        </div>
      )}
    </div>
  );
}
