import { claimSignInLink } from "#control/claim-sign-in-link.ts";
import { describeSession } from "#control/describe-session.ts";
import { ClaimDraft, type SessionState } from "#domain/person.ts";
import { publicProcedure, router } from "./trpc.ts";

export const sessionRouter = router({
  me: publicProcedure.query(async ({ ctx }): Promise<SessionState> => describeSession(ctx.deps, await ctx.person())),
  claim: publicProcedure
    .input(ClaimDraft)
    .mutation(({ ctx, input }): Promise<{ email: string }> => claimSignInLink(ctx.deps, input)),
});
