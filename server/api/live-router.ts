import type { TrackedEnvelope } from "@trpc/server";
import { z } from "zod";
import type { LiveMessage } from "#domain/live-changes.ts";
import type { LivePicture } from "#domain/live.ts";
import { followLive } from "./follow-live.ts";
import { router, viewerProcedure } from "./trpc.ts";

/** `lastEventId` is of the last message received: what was told with it need not be told again. */
const Resume = z.object({ lastEventId: z.string().max(64).nullish() }).optional();

export const liveRouter = router({
  current: viewerProcedure.query(({ ctx }): LivePicture => ctx.deps.live.current()),
  picture: viewerProcedure
    .input(Resume)
    .subscription(({ ctx, signal, input }): AsyncGenerator<TrackedEnvelope<LiveMessage>> =>
      followLive(ctx, signal, input?.lastEventId),
    ),
});
