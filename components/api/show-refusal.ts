import { get, type FieldPath, type FieldValues, type UseFormReturn } from "react-hook-form";
import { meshErrorOf, messageOf } from "./mesh-error.ts";

function isFieldOf<Values extends FieldValues, Output>(
  form: UseFormReturn<Values, unknown, Output>,
  path: string,
): path is FieldPath<Values> {
  return get(form.getValues(), path) !== undefined;
}

/** Shows a refused save where it belongs: at the fields it names, else above the buttons (`root.console`). */
export function showRefusal<Values extends FieldValues, Output>(
  form: UseFormReturn<Values, unknown, Output>,
  error: unknown,
): void {
  const mesh = meshErrorOf(error);
  const named =
    mesh?.fieldErrors ?? (typeof mesh?.field === "string" ? [{ path: mesh.field, message: messageOf(error) }] : []);
  const placed = named.filter(({ path, message }) => {
    if (!isFieldOf(form, path)) return false;
    form.setError(path, { message }, { shouldFocus: true });
    return true;
  });
  if (placed.length === 0) form.setError("root.console", { message: messageOf(error) });
}
