/** Gives back what it was given before for as long as it is equal. */
export function keepSame<Value>(isEqual: (one: Value, other: Value) => boolean): (next: Value) => Value {
  let kept: { readonly value: Value } | null = null;
  return (next) => {
    if (kept === null || !isEqual(kept.value, next)) kept = { value: next };
    return kept.value;
  };
}
