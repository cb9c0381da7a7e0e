import { httpLink, retryLink, TRPCClientError, type TRPCLink } from "@trpc/client";
import { tap } from "@trpc/server/observable";
import type { AppRouter } from "#api/root.ts";
import { keepKeys } from "./kept-keys.ts";
import { meshErrorOf } from "./mesh-error.ts";

export interface MutationLinksOptions {
  readonly url: string;
  /** Waited before the second, third … try, ms; as many tries more than there are. */
  readonly delaysMs?: readonly number[];
}

/** A restart of the console or of its database takes a second or two. */
const DELAYS_MS = [300, 1000, 2500];

/**
 * How mutations go to the console: each by itself, with an idempotency key of its own. When nobody knows whether one was
 * carried out (no answer came, or the database went away while saving), it is asked again with the same key: the console
 * carries it out once at most, and answers the same. So it is when a person, told that nobody knows, presses the button again.
 */
export function mutationLinks({ url, delaysMs = DELAYS_MS }: MutationLinksOptions): TRPCLink<AppRouter>[] {
  return [
    withKey(),
    retryLink({
      retry: ({ op, error, attempts }) =>
        attempts <= delaysMs.length &&
        op.signal?.aborted !== true &&
        // Whoever holds the one-time link has no name yet, and keys belong to people.
        op.path !== "session.claim" &&
        isOutcomeUnknown(error),
      retryDelayMs: (attempts) => delaysMs[attempts - 1] ?? 0,
    }),
    httpLink({ url, headers: ({ op }) => ({ "idempotency-key": keyOf(op.context) }) }),
  ];
}

function withKey(): TRPCLink<AppRouter> {
  const keys = keepKeys(newKey, () => Date.now());
  return () =>
    ({ op, next }) => {
      const { path, input } = op;
      const idempotencyKey = keys.keyFor(path, input);
      return next({ ...op, context: { ...op.context, idempotencyKey } }).pipe(
        tap({
          next: () => {
            keys.settled(path, input);
          },
          error: (error) => {
            if (isOutcomeUnknown(error)) keys.doubtful(path, input, idempotencyKey);
            else keys.settled(path, input);
          },
        }),
      );
    };
}

function keyOf(context: Readonly<Record<string, unknown>>): string {
  const { idempotencyKey } = context;
  return typeof idempotencyKey === "string" ? idempotencyKey : newKey();
}

/** 128 random bits. Not `randomUUID`: browsers have it on secure pages only. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function isOutcomeUnknown(error: unknown): boolean {
  const mesh = meshErrorOf(error);
  if (mesh !== null) return mesh.outcomeUnknown === true;
  const response = error instanceof TRPCClientError ? error.meta?.["response"] : undefined;
  // Something on the way that answered with a refusal of its own did not lose the answer.
  return !(response instanceof Response) || response.status >= 500;
}
