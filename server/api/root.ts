import { auditRouter } from "./audit-router.ts";
import { breakersRouter } from "./breakers-router.ts";
import { healthRouter } from "./health-router.ts";
import { historyRouter } from "./history-router.ts";
import { liveRouter } from "./live-router.ts";
import { routesRouter } from "./routes-router.ts";
import { servicesRouter } from "./services-router.ts";
import { sessionRouter } from "./session-router.ts";
import { syncRouter } from "./sync-router.ts";
import { router } from "./trpc.ts";
import { viewsRouter } from "./views-router.ts";

/** The console's whole API, mounted at /api/trpc. */
export const appRouter = router({
  session: sessionRouter,
  routes: routesRouter,
  breakers: breakersRouter,
  services: servicesRouter,
  sync: syncRouter,
  audit: auditRouter,
  live: liveRouter,
  history: historyRouter,
  views: viewsRouter,
  health: healthRouter,
});

export type AppRouter = typeof appRouter;
