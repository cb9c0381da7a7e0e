import { z } from "zod";

/** What the console says of a failure (`data.mesh` of a tRPC error). */
const MeshErrorShape = z.object({
  code: z.string(),
  message: z.string(),
  detail: z.string().nullish(),
  field: z.string().nullish(),
  fieldErrors: z.array(z.object({ path: z.string(), message: z.string() })).nullish(),
  // Zod takes a key that may hold anything for one that must be there.
  current: z.unknown().optional(),
  outcomeUnknown: z.boolean().nullish(),
});
export type MeshErrorShape = z.infer<typeof MeshErrorShape>;

const TrpcErrorShape = z.object({ data: z.object({ mesh: MeshErrorShape }) });

/** The catalogue's account of a failure; null when it did not come from the console's procedures (a lost connection). */
export function meshErrorOf(error: unknown): MeshErrorShape | null {
  const parsed = TrpcErrorShape.safeParse(error);
  return parsed.success ? parsed.data.data.mesh : null;
}

/** What to show to people. */
export function messageOf(error: unknown): string {
  const mesh = meshErrorOf(error);
  if (mesh === null) return "The console does not answer. Check that it runs and that this page can reach it.";
  const { message, detail } = mesh;
  return typeof detail === "string" && detail !== "" && !message.includes(detail) ? `${message} ${detail}` : message;
}
