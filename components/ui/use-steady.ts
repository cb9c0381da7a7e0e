"use client";

import { useState } from "react";
import { isSameValue } from "#domain/same-value.ts";

/** The same object for as long as it says the same. */
export function useSteady<Value>(value: Value): Value {
  const [kept, setKept] = useState(value);
  if (kept === value || isSameValue(kept, value)) return kept;
  setKept(value);
  return value;
}
