import { z } from "zod";

/** Longest query, in characters: longer nobody means it, and brackets within brackets stay within what the stack holds. */
export const VIEW_QUERY_LENGTH = 2000;
const ElementId = z.string().min(1).max(500);
const Query = z.string().max(VIEW_QUERY_LENGTH);

/** Where a person put a node: top-left corner, px of the drawing at scale 1. */
const Pin = z.object({ id: ElementId, x: z.number().min(-1e7).max(1e7), y: z.number().min(-1e7).max(1e7) });

/** All that makes the topology look as it does, but for what part of it is in sight. */
export const ViewState = z.object({
  find: Query,
  hide: Query,
  /** Figures that arrows are labelled with. */
  labels: z.array(z.enum(["rate", "error", "p50", "p95", "p99", "share", "bytes"])).max(7),
  gateways: z.boolean(),
  configured: z.boolean(),
  idle: z.boolean(),
  grouped: z.boolean(),
  asTable: z.boolean(),
  expanded: z.array(ElementId).max(500),
  pins: z.array(Pin).max(2000),
});
export type ViewState = z.infer<typeof ViewState>;

export const ViewName = z
  .string()
  .trim()
  .min(1, "Give it a name")
  .max(80, "At most 80 characters")
  .regex(/^[^\p{Cc}]*$/u, "No control characters");

/** What a view is saved as. */
export const ViewDraft = z.object({ name: ViewName, shared: z.boolean(), state: ViewState });
export type ViewDraft = z.infer<typeof ViewDraft>;

/** A view as one person sees it. */
export interface SavedView {
  readonly id: string;
  readonly name: string;
  readonly shared: boolean;
  readonly state: ViewState;
  /** Whoever asks made it. */
  readonly mine: boolean;
  readonly ownerName: string;
  readonly updatedAtMs: number;
}

/** Most views of one person, and what they may hold together, characters of JSON: all that is shared comes to everybody in one list. */
export const VIEWS_MOST = 200;
export const VIEWS_SIZE_MOST = 2 * 1024 * 1024;
/** Most views of others in that list; the latest. */
export const VIEWS_SHARED_MOST = 200;
