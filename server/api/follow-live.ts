import { changesBetween, type BreakerChanges, type LiveMessage } from "#domain/breaker-changes.ts";
import { MeshError } from "#domain/errors.ts";
import type { LivePicture } from "#domain/live.ts";
import type { ApiContext } from "./context.ts";

/** How long a running subscription trusts the sign-in it was opened with, ms. */
const RECHECK_MS = 30_000;

/**
 * Tells the live picture at once and then at every change of it: whole at first, then with only what changed of the
 * breakers since the picture this reader was told last. A slow reader gets the latest, never a backlog.
 * @throws MeshError NOT_SIGNED_IN once the person behind it has signed out or lost the account.
 */
export async function* followLive(
  ctx: Pick<ApiContext, "person"> & { readonly deps: Pick<ApiContext["deps"], "live"> },
  signal: AbortSignal | undefined,
): AsyncGenerator<LiveMessage> {
  let trustedUntilMs = Date.now() + RECHECK_MS;
  let told: LivePicture | null = null;
  let sequence = 0;
  for await (const picture of ctx.deps.live.follow(signal)) {
    if (Date.now() > trustedUntilMs) {
      if ((await ctx.person()) === null) throw new MeshError("NOT_SIGNED_IN");
      trustedUntilMs = Date.now() + RECHECK_MS;
    }
    sequence += 1;
    yield told === null ? { kind: "whole", sequence, picture } : changesMessage(sequence, told, picture);
    told = picture;
  }
}

function changesMessage(sequence: number, told: LivePicture, picture: LivePicture): LiveMessage {
  const { breakers: _breakers, ...rest } = picture;
  return { kind: "changes", sequence, picture: rest, breakers: sharedChanges(told, picture) };
}

/**
 * The way to a picture from the one before is the same for all readers that keep up: it is found once. The one before is held
 * weakly: else each picture would keep its predecessor, and the latest all there ever were.
 */
const found = new WeakMap<LivePicture, { readonly from: WeakRef<LivePicture>; readonly changes: BreakerChanges }>();

function sharedChanges(from: LivePicture, to: LivePicture): BreakerChanges {
  const known = found.get(to);
  if (known?.from.deref() === from) return known.changes;
  const changes = changesBetween(from.breakers, to.breakers);
  if (known === undefined) found.set(to, { from: new WeakRef(from), changes });
  return changes;
}
