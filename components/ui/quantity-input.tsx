"use client";

import { useState, type Ref } from "react";
import { Input, NativeSelect } from "./input.tsx";
import type { ControlProps } from "./field.tsx";
import { joinQuantity, splitQuantity, type Units } from "./quantity.ts";

interface QuantityInputProps {
  readonly control: ControlProps;
  /** Names the unit's own control, e.g. "Unit of timeout". */
  readonly unitLabel: string;
  readonly units: Units;
  readonly value: number | null;
  /** Gets null while the field is empty, and NaN while it holds no number. */
  readonly onChange: (value: number | null) => void;
  readonly onBlur?: () => void;
  readonly inputRef?: Ref<HTMLInputElement>;
  readonly placeholder?: string | undefined;
}

/** A figure with its unit. Changing the unit keeps the number: it is the number that was typed on purpose. */
export function QuantityInput(props: QuantityInputProps) {
  const { control, unitLabel, units, value, onChange, onBlur, inputRef, placeholder } = props;
  const [shown, setShown] = useState(() => splitQuantity(value, units));
  const [known, setKnown] = useState(value);
  // Set from outside (a reset, a loaded version): show that instead of what was typed.
  if (!Object.is(value, known)) {
    setKnown(value);
    setShown(splitQuantity(value, units));
  }
  const say = (text: string, unit: string): void => {
    const next = joinQuantity(text, unit, units);
    setShown({ text, unit });
    setKnown(next);
    onChange(next);
  };
  return (
    <div className="flex gap-1">
      <Input
        {...control}
        ref={inputRef}
        inputMode="decimal"
        placeholder={placeholder}
        value={shown.text}
        onBlur={onBlur}
        onChange={(event) => {
          say(event.target.value, shown.unit);
        }}
      />
      <NativeSelect
        aria-label={unitLabel}
        className="w-18 shrink-0"
        value={shown.unit}
        onChange={(event) => {
          say(shown.text, event.target.value);
        }}
      >
        {Object.keys(units).map((unit) => (
          <option key={unit}>{unit}</option>
        ))}
      </NativeSelect>
    </div>
  );
}
