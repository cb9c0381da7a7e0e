"use client";

import { useRef } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import type { DraftSpec, RouteFormInput } from "./route-form-schema.ts";

/** Parts of a route that are null while they are off. */
interface OptionalParts {
  "spec.retry": NonNullable<DraftSpec["retry"]>;
  "spec.mirror": NonNullable<DraftSpec["mirror"]>;
  "spec.faults": NonNullable<DraftSpec["faults"]>;
  "spec.faults.delay": NonNullable<NonNullable<DraftSpec["faults"]>["delay"]>;
  "spec.faults.abort": NonNullable<NonNullable<DraftSpec["faults"]>["abort"]>;
  "spec.cors": NonNullable<DraftSpec["cors"]>;
}

/** Whether a part is on, and its switch. What was filled in comes back when it is switched on again. */
export function useOptionalPart<Path extends keyof OptionalParts>(
  path: Path,
  fresh: OptionalParts[Path],
): readonly [boolean, (on: boolean) => void] {
  const { control, getValues, setValue, formState } = useFormContext<RouteFormInput>();
  // One of the paths: setValue cannot know that the value goes with this one.
  const at: keyof OptionalParts = path;
  const value = useWatch({ control, name: at });
  const kept = useRef<OptionalParts[keyof OptionalParts]>(fresh);
  const turn = (on: boolean): void => {
    const now = getValues(at);
    if (now != null) kept.current = now;
    setValue(at, on ? kept.current : null, {
      shouldDirty: true,
      shouldValidate: formState.isSubmitted,
    });
  };
  return [value != null, turn];
}
