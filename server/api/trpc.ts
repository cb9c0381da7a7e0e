import { initTRPC } from "@trpc/server";
import type { Actor } from "#domain/audit.ts";
import { MeshError } from "#domain/errors.ts";
import { isPermitted, type Person, type Role } from "#domain/person.ts";
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
export const viewerProcedure = publicProcedure.use(async ({ ctx, next }) => {
  const person = await permitted(ctx, "viewer");
  return next({ ctx: { actor: actorOf(person) } });
});

/** Somebody who may edit policy. */
export const operatorProcedure = publicProcedure.use(async ({ ctx, next }) => {
  const person = await permitted(ctx, "operator");
  return next({ ctx: { actor: actorOf(person) } });
});

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
