import { MeshError } from "#domain/errors.ts";

/** The refusal of a one-time link; which of the reasons it is stays untold. */
export function invalidLink(): MeshError {
  return new MeshError("NOT_FOUND", {
    detail: "The link was used, has expired or was never valid. `npm run sign-in-link` makes a new one.",
    field: "token",
  });
}
