import { TRPCError } from "@trpc/server";
import { z } from "zod";
import { ERRORS, MeshError, type MeshErrorData } from "#domain/errors.ts";

type TrpcCode = TRPCError["code"];

/** tRPC's name for each HTTP status the catalogue's console part uses. */
const TRPC_CODES: Readonly<Record<number, TrpcCode>> = {
  400: "BAD_REQUEST",
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  409: "CONFLICT",
  413: "PAYLOAD_TOO_LARGE",
  422: "UNPROCESSABLE_CONTENT",
  429: "TOO_MANY_REQUESTS",
  503: "SERVICE_UNAVAILABLE",
};

/** What a browser is told of a failure. Anything outside the catalogue becomes CONSOLE_INTERNAL, and nothing of it leaks. */
export function errorDataOf(error: unknown): MeshErrorData {
  const cause = error instanceof TRPCError && error.cause !== undefined ? error.cause : error;
  if (cause instanceof MeshError) return meshData(cause);
  if (cause instanceof z.ZodError) {
    return {
      ...specData("INVALID_INPUT"),
      fieldErrors: cause.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message })),
    };
  }
  // Refusals of tRPC itself: an unknown procedure, a body that is not JSON, a wrong method, a body over the limit.
  if (error instanceof TRPCError) {
    if (error.code === "NOT_FOUND") return specData("NOT_FOUND");
    if (error.code === "PAYLOAD_TOO_LARGE") return specData("DOCUMENT_TOO_LARGE");
    if (REFUSALS.has(error.code)) return specData("INVALID_INPUT");
  }
  return specData("CONSOLE_INTERNAL");
}

const REFUSALS: ReadonlySet<TrpcCode> = new Set([
  "PARSE_ERROR",
  "BAD_REQUEST",
  "METHOD_NOT_SUPPORTED",
  "UNSUPPORTED_MEDIA_TYPE",
]);

function specData(code: MeshErrorData["code"]): MeshErrorData {
  return { code, blame: ERRORS[code].blame, message: ERRORS[code].message };
}

function meshData(error: MeshError): MeshErrorData {
  return {
    ...specData(error.code),
    ...(error.detail !== undefined && { detail: error.detail }),
    ...(error.field !== undefined && { field: error.field }),
    ...(error.current !== undefined && { current: error.current }),
    ...(error.outcomeUnknown && { outcomeUnknown: true as const }),
  };
}

/** The tRPC error that carries a failure with the catalogue's HTTP status. */
export function trpcErrorOf(error: TRPCError): TRPCError {
  if (!(error.cause instanceof MeshError)) return error;
  const code = TRPC_CODES[error.cause.spec.http] ?? "INTERNAL_SERVER_ERROR";
  return new TRPCError({ code, message: error.cause.message, cause: error.cause });
}
