import { z } from "zod";

/** A connection that had been good was gone: another one may do. */
export const BROKEN = "The connection broke.";

const AdapterError = z.object({ cause: z.object({ kind: z.string(), code: z.string().optional() }) });

/** The parts of Prisma's and the driver's errors that say what happened. */
const Reported = z.object({
  code: z.string().optional().catch(undefined),
  message: z.string().catch(""),
  meta: z.object({ driverAdapterError: AdapterError }).optional().catch(undefined),
  // When a COMMIT fails, the adapter's error comes out bare.
  cause: AdapterError.shape.cause.optional().catch(undefined),
});

/** The adapter's words for a connection that is gone, where PostgreSQL gave no code. */
const ADAPTER_KINDS: Readonly<Record<string, string>> = {
  ConnectionClosed: BROKEN,
  DatabaseNotReachable: "It cannot be reached.",
  SocketTimeout: "It did not answer in time.",
  TooManyConnections: "It has no free connection.",
};

/** Prisma's codes for a server that cannot be reached, refuses us, or has no free connection. */
const PRISMA_CODES: Readonly<Record<string, string>> = {
  P1000: "It refuses the user name or password of DATABASE_URL.",
  P1001: "It cannot be reached.",
  P1002: "It did not answer in time.",
  P1003: "The database that DATABASE_URL names does not exist.",
  P1008: "It did not answer in time.",
  P1010: "It refuses the user of DATABASE_URL.",
  P1011: "No secure connection could be made.",
  P1017: BROKEN,
  P2021: "Its tables have not been made yet.",
  P2022: "Its tables are not up to date yet.",
  P2024: "It has no free connection.",
  P2028: "It did not answer in time.",
  P2037: "It has no free connection.",
};

/** PostgreSQL's error classes and codes for the same (Appendix A of its manual), longest first. */
const SQL_STATES: readonly (readonly [string, string])[] = [
  ["57014", "It did not answer in time."],
  // It ended a transaction in which this process had stood still.
  ["25P03", BROKEN],
  // A replica that a failover left us with, or a primary that is kept from writing.
  ["25006", "It takes no changes: it is read-only."],
  ["57P03", "It is starting up or shutting down."],
  ["57P", BROKEN],
  ["42P01", "Its tables have not been made yet."],
  ["3F000", "Its tables have not been made yet."],
  ["08", BROKEN],
  ["53", "It is out of resources."],
  ["58", "It has trouble with its disk."],
];

/** Classes of PostgreSQL's codes for a statement that its values make impossible: data exceptions, cardinality, limits of a row or an index. */
const REFUSED_CLASSES = ["21", "22", "54"];
/** Prisma's for the same: too long, out of range, inconsistent, does not fit. */
const REFUSED_CODES = new Set(["P2000", "P2005", "P2006", "P2007", "P2020", "P2023", "P2033"]);

/** What the pg driver itself throws; it has no codes for these. */
const DRIVER_MESSAGES: readonly (readonly [RegExp, string])[] = [
  [/timeout exceeded when trying to connect|timeout expired/i, "It did not answer in time."],
  [/query read timeout/i, "It did not answer in time."],
  [/not queryable|connection terminated|connection ended|ECONNRESET|EPIPE|socket hang up/i, BROKEN],
  [/ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EAI_AGAIN/i, "It cannot be reached."],
];

/** Why the database could not be used, for people; undefined when the error is about something else. */
export function databaseProblem(error: unknown): string | undefined {
  const reported = Reported.safeParse(error);
  if (!reported.success) return undefined;
  const { code = "", message, meta, cause } = reported.data;
  const adapter = meta?.driverAdapterError.cause ?? cause;
  const sqlState = adapter?.code ?? code;
  return (
    PRISMA_CODES[code] ??
    ADAPTER_KINDS[adapter?.kind ?? ""] ??
    SQL_STATES.find(([start]) => sqlState.startsWith(start))?.[1] ??
    // A known request error is about its statement, whatever words its text holds.
    (/^P\d{4}$/.test(code) ? undefined : DRIVER_MESSAGES.find(([pattern]) => pattern.test(message))?.[1])
  );
}

/** Whether what was to be written is what the database does not take: tried again, it would not take it either. */
export function isRefusedValue(error: unknown): boolean {
  // A date that is none is refused before it gets there.
  if (error instanceof RangeError) return true;
  const reported = Reported.safeParse(error);
  if (!reported.success) return false;
  const { code = "", meta, cause } = reported.data;
  const sqlState = (meta?.driverAdapterError.cause ?? cause)?.code ?? code;
  return REFUSED_CODES.has(code) || (/^\w{5}$/.test(sqlState) && REFUSED_CLASSES.includes(sqlState.slice(0, 2)));
}
