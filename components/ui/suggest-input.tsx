"use client";

import { Autocomplete } from "@base-ui/react/autocomplete";
import type { Ref } from "react";
import { INPUT_CLASS } from "./input.tsx";
import type { ControlProps } from "./field.tsx";

interface SuggestInputProps {
  readonly control: ControlProps;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onBlur?: () => void;
  readonly inputRef?: Ref<HTMLInputElement>;
  readonly items: readonly string[];
  readonly placeholder?: string;
}

/** A text field that suggests known values and takes any other. */
export function SuggestInput({ control, value, onChange, onBlur, inputRef, items, placeholder }: SuggestInputProps) {
  return (
    <Autocomplete.Root items={[...items]} value={value} onValueChange={onChange} openOnInputClick>
      <Autocomplete.Input
        {...control}
        ref={inputRef}
        onBlur={onBlur}
        placeholder={placeholder}
        className={INPUT_CLASS}
      />
      <Autocomplete.Portal>
        <Autocomplete.Positioner sideOffset={4} className="z-50 outline-none">
          <Autocomplete.Popup className="max-h-64 w-(--anchor-width) min-w-40 overflow-y-auto rounded-md border border-line bg-surface py-1 shadow-pop data-empty:hidden">
            <Autocomplete.List>
              {(item: string) => (
                <Autocomplete.Item
                  key={item}
                  value={item}
                  className="cursor-default px-2.5 py-1 select-none data-highlighted:bg-hover"
                >
                  {item}
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
          </Autocomplete.Popup>
        </Autocomplete.Positioner>
      </Autocomplete.Portal>
    </Autocomplete.Root>
  );
}
