import { MeshError } from "#domain/errors.ts";
import type { LivePicture } from "#domain/live.ts";
import type { ApiContext } from "./context.ts";

/** How long a running subscription trusts the sign-in it was opened with, ms. */
const RECHECK_MS = 30_000;

/**
 * Yields the live picture at once and then at every change of it. A slow reader gets the latest, never a backlog.
 * @throws MeshError NOT_SIGNED_IN once the person behind it has signed out or lost the account.
 */
export async function* followLive(ctx: ApiContext, signal: AbortSignal | undefined): AsyncGenerator<LivePicture> {
  let trustedUntilMs = Date.now() + RECHECK_MS;
  for await (const picture of ctx.deps.live.follow(signal)) {
    if (Date.now() > trustedUntilMs) {
      if ((await ctx.person()) === null) throw new MeshError("NOT_SIGNED_IN");
      trustedUntilMs = Date.now() + RECHECK_MS;
    }
    yield picture;
  }
}
