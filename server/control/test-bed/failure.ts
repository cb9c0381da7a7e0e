import { MeshError } from "#domain/errors.ts";

/** The failure it ends with. Rejects when it did not fail, and with whatever is no failure of the catalogue. */
export async function failure(promise: Promise<unknown>): Promise<MeshError> {
  const error: unknown = await promise.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  if (error instanceof MeshError) return error;
  throw error;
}
