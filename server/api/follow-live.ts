import { tracked, type TrackedEnvelope } from "@trpc/server";
import { MeshError } from "#domain/errors.ts";
import type { LiveMessage } from "#domain/live-changes.ts";
import type { Live } from "#telemetry/live.ts";
import type { ApiContext } from "./context.ts";
import { ToldPictures } from "./told-pictures.ts";

/** How long a running subscription trusts the sign-in it was opened with, ms. */
const RECHECK_MS = 30_000;

interface LiveDeps {
  readonly live: Pick<Live, "follow">;
}

/** One for all readers of the same live picture. */
const told = new WeakMap<LiveDeps["live"], ToldPictures>();

function toldPictures(live: LiveDeps["live"]): ToldPictures {
  let pictures = told.get(live);
  if (pictures === undefined) told.set(live, (pictures = new ToldPictures()));
  return pictures;
}

/**
 * Tells the live picture at once and then at every change of it: whole at first, unless the reader knows an earlier one
 * (`knownId`, of the last message it received) that is still here, then with only what changed since the picture it was
 * told last. A slow reader gets the latest, never a backlog.
 * @throws MeshError NOT_SIGNED_IN once the person behind it has signed out or lost the account.
 */
export async function* followLive(
  ctx: Pick<ApiContext, "person"> & { readonly deps: LiveDeps },
  signal: AbortSignal | undefined,
  knownId?: string | null,
): AsyncGenerator<TrackedEnvelope<LiveMessage>> {
  const { live } = ctx.deps;
  const pictures = toldPictures(live);
  let trustedUntilMs = Date.now() + RECHECK_MS;
  let known = knownId == null ? null : pictures.find(knownId);
  const reader = {};
  try {
    for await (const picture of live.follow(signal)) {
      if (Date.now() > trustedUntilMs) {
        if ((await ctx.person()) === null) throw new MeshError("NOT_SIGNED_IN");
        trustedUntilMs = Date.now() + RECHECK_MS;
      }
      const { id, message } = pictures.tell(known, picture);
      pictures.follow(reader, known === null ? [picture] : [known, picture]);
      known = picture;
      yield tracked(id, message);
    }
  } finally {
    pictures.leave(reader, Date.now());
  }
}
