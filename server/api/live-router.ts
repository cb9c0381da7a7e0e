import type { LiveMessage } from "#domain/breaker-changes.ts";
import type { LivePicture } from "#domain/live.ts";
import { followLive } from "./follow-live.ts";
import { router, viewerProcedure } from "./trpc.ts";

export const liveRouter = router({
  current: viewerProcedure.query(({ ctx }): LivePicture => ctx.deps.live.current()),
  picture: viewerProcedure.subscription(({ ctx, signal }): AsyncGenerator<LiveMessage> => followLive(ctx, signal)),
});
