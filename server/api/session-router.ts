import { claimSignInLink } from "#control/claim-sign-in-link.ts";
import { describeSession } from "#control/describe-session.ts";
import { describeSignInLink } from "#control/describe-sign-in-link.ts";
import { ClaimDraft, SignInLinkQuery, type SessionState, type SignInLink } from "#domain/person.ts";
import { publicProcedure, router } from "./trpc.ts";

export const sessionRouter = router({
  me: publicProcedure.query(async ({ ctx }): Promise<SessionState> => describeSession(ctx.deps, await ctx.person())),
  link: publicProcedure
    .input(SignInLinkQuery)
    .query(({ ctx, input }): Promise<SignInLink> => describeSignInLink(ctx.deps, input.token)),
  claim: publicProcedure
    .input(ClaimDraft)
    .mutation(({ ctx, input }): Promise<{ email: string }> => claimSignInLink(ctx.deps, input)),
});
