"use client";

import { useState } from "react";
import { Input, NativeSelect } from "./input.tsx";
import type { ControlProps } from "./field.tsx";
import { DURATION_UNITS, splitDuration, type DurationUnit } from "./duration.ts";

interface DurationInputProps {
  readonly control: ControlProps;
  /** Names the unit's own control, e.g. "Unit of timeout". */
  readonly unitLabel: string;
  readonly valueMs: number;
  /** Gets NaN while the field holds no number. */
  readonly onChange: (valueMs: number) => void;
  readonly onBlur?: () => void;
}

/** A time with its unit. Changing the unit keeps the number: it is the number that was typed on purpose. */
export function DurationInput({ control, unitLabel, valueMs, onChange, onBlur }: DurationInputProps) {
  const [shown, setShown] = useState(() => splitDuration(valueMs));
  const [knownMs, setKnownMs] = useState(valueMs);
  // Set from outside (a reset, a loaded version): show that instead of what was typed.
  if (!Object.is(valueMs, knownMs)) {
    setKnownMs(valueMs);
    setShown(splitDuration(valueMs));
  }
  const say = (text: string, unit: DurationUnit): void => {
    const nextMs = text.trim() === "" ? Number.NaN : Math.round(Number(text) * DURATION_UNITS[unit]);
    setShown({ text, unit });
    setKnownMs(nextMs);
    onChange(nextMs);
  };
  return (
    <div className="flex gap-1">
      <Input
        {...control}
        inputMode="decimal"
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
          const unit = event.target.value;
          if (unit === "ms" || unit === "s" || unit === "min") say(shown.text, unit);
        }}
      >
        {Object.keys(DURATION_UNITS).map((unit) => (
          <option key={unit}>{unit}</option>
        ))}
      </NativeSelect>
    </div>
  );
}
