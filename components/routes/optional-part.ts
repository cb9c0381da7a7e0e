"use client";

import { useFormContext, useWatch } from "react-hook-form";
import { useSwitchedPart } from "../ui/use-switched-part.ts";
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

/** Whether a part is on, and its switch. */
export function useOptionalPart<Path extends keyof OptionalParts>(
  path: Path,
  fresh: OptionalParts[Path],
): readonly [boolean, (on: boolean) => void] {
  const { control, setValue, formState } = useFormContext<RouteFormInput>();
  // One of the paths: setValue cannot know that the value goes with this one.
  const at: keyof OptionalParts = path;
  const part = useWatch({ control, name: at });
  const set = (next: OptionalParts[keyof OptionalParts] | null): void => {
    setValue(at, next, { shouldDirty: true, shouldValidate: formState.isSubmitted });
  };
  return useSwitchedPart<OptionalParts[keyof OptionalParts]>(part, set, fresh);
}
