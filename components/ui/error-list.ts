import { z } from "zod";

const LeafError = z.object({ type: z.union([z.string(), z.number()]), message: z.string().min(1) });

/** Every field that is wrong, in the order of the form's values, with what is wrong with it. `root` is the form's own. */
export function errorList(errors: object): readonly { readonly path: string; readonly message: string }[] {
  return Object.entries(errors).flatMap(([key, error]) => (key === "root" ? [] : errorsBelow(key, error)));
}

function errorsBelow(path: string, error: unknown): { path: string; message: string }[] {
  if (typeof error !== "object" || error === null) return [];
  const leaf = LeafError.safeParse(error);
  if (leaf.success) return [{ path, message: leaf.data.message }];
  return Object.entries(error).flatMap(([key, member]) =>
    // `ref` is the DOM element; `root` speaks for the list it stands in.
    key === "ref" ? [] : errorsBelow(key === "root" ? path : `${path}.${key}`, member),
  );
}
