import { initTRPC } from "@trpc/server";
import { findGivenAnswer } from "#control/find-given-answer.ts";
import type { Actor } from "#domain/audit.ts";
import { MeshError } from "#domain/errors.ts";
import { isPermitted, type Person, type Role } from "#domain/person.ts";
import { askedOnce } from "./asked-once.ts";
import type { ApiContext } from "./context.ts";
import { errorDataOf, trpcErrorOf } from "./error-data.ts";

const t = initTRPC.context<ApiContext>().create({
  errorFormatter: ({ shape, error }) => {
    const mesh = errorDataOf(error);
    // tRPC's own shape carries the stack outside production, and the text of unknown errors: neither leaves here.
    return {
      code: shape.code,
      message: mesh.detail === undefined ? mesh.message : `${mesh.message} ${mesh.detail}`,
      data: { code: shape.data.code, httpStatus: shape.data.httpStatus, path: shape.data.path, mesh },
    };
  },
  sse: { ping: { enabled: true, intervalMs: 5000 }, client: { reconnectAfterInactivityMs: 15_000 } },
});

export const { router } = t;

/** Anybody, signed in or not. Gives failures the HTTP status of the catalogue. */
export const publicProcedure = t.procedure.use(async ({ next }) => {
  const result = await next();
  if (!result.ok) throw trpcErrorOf(result.error);
  return result;
});

/** A signed-in person, whatever the role. */
export const viewerProcedure = procedureFor("viewer");

/** Somebody who may edit policy. */
export const operatorProcedure = procedureFor("operator");

/** Somebody who may decide for the whole mesh. */
export const administratorProcedure = procedureFor("administrator");

/** What somebody with the role may ask. A mutation with an idempotency key is carried out once, and answered the same again. */
function procedureFor(role: Role) {
  return publicProcedure.use(async ({ ctx, path, type, getRawInput, next }) => {
    const actor = actorOf(await permitted(ctx, role));
    const asked = type === "mutation" ? await askedOnce(ctx.idempotencyKey, path, rawInput(getRawInput)) : null;
    if (asked === null) return next({ ctx: { actor } });
    const result = await next({ ctx: { actor, deps: { ...ctx.deps, asked } } });
    if (result.ok) return result;
    // Made before, or made just now and only its answer was lost: what it was answered then holds.
    const given = await findGivenAnswer(ctx.deps, actor, asked).catch(() => null);
    return given === null ? result : { marker: result.marker, ok: true, data: given.result };
  });
}

/**
 * What was sent; null when it cannot be read. A procedure without input is asked with an empty body, and one with input
 * refuses by itself what it cannot read.
 */
function rawInput(read: () => Promise<unknown>): () => Promise<unknown> {
  return () => read().catch(() => null);
}

async function permitted(ctx: ApiContext, needed: Role): Promise<Person> {
  const person = await ctx.person();
  if (person === null) throw new MeshError("NOT_SIGNED_IN");
  if (!isPermitted(person.role, needed))
    throw new MeshError("NOT_PERMITTED", { detail: `It needs the role ${needed}.` });
  return person;
}

function actorOf(person: Person): Actor {
  return { kind: "person", id: person.id, name: person.name };
}
