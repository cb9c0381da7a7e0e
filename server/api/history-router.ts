import { z } from "zod";
import { LAST_MOMENT_MS, SIGNAL_GROUPINGS } from "#domain/history.ts";
import { router, viewerProcedure } from "./trpc.ts";

/** Unix epoch, ms. */
const Moment = z.int().min(0).max(LAST_MOMENT_MS);
const Points = z.int().min(1).max(2000);
const Span = z.object({ fromMs: Moment, toMs: Moment });

export const historyRouter = router({
  extent: viewerProcedure.query(({ ctx }) => ctx.deps.history.extent()),
  markers: viewerProcedure.input(Span).query(({ ctx, input }) => ctx.deps.history.markers(input.fromMs, input.toMs)),
  mesh: viewerProcedure
    .input(Span.extend({ points: Points }))
    .query(({ ctx, input }) => ctx.deps.history.meshPoints(input.fromMs, input.toMs, input.points)),
  moment: viewerProcedure
    .input(z.object({ atMs: Moment }))
    .query(({ ctx, input }) => ctx.deps.history.moment(input.atMs)),
  signals: viewerProcedure
    .input(
      Span.extend({
        service: z.string().max(300),
        direction: z.enum(["in", "out"]),
        by: z.enum(SIGNAL_GROUPINGS),
        points: Points,
      }),
    )
    .query(({ ctx, input }) => ctx.deps.history.signals(input)),
});
