import { get, type FieldErrors } from "react-hook-form";
import { z } from "zod";

const FieldErrorShape = z.object({ message: z.string().min(1) });
const ListErrorShape = z.object({ root: FieldErrorShape });

function firstMessage(error: unknown): string | undefined {
  const own = FieldErrorShape.safeParse(error);
  if (own.success) return own.data.message;
  if (typeof error !== "object" || error === null) return undefined;
  for (const [key, member] of Object.entries(error)) {
    // `ref` is the DOM element, with a world behind it.
    const found = key === "ref" ? undefined : firstMessage(member);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What is wrong with the field at `path` itself, or with a list as a whole. */
export function errorText(errors: FieldErrors, path: string): string | undefined {
  const error: unknown = get(errors, path);
  const own = FieldErrorShape.safeParse(error);
  if (own.success) return own.data.message;
  const list = ListErrorShape.safeParse(error);
  return list.success ? list.data.root.message : undefined;
}

/** The same, or the first thing wrong anywhere below it: for fields that edit a whole list or record as one text. */
export function errorTextWithin(errors: FieldErrors, path: string): string | undefined {
  return firstMessage(get(errors, path));
}
