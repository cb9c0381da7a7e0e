import { z } from "zod";
import { ERRORS, MeshError, type ErrorCode, type MeshErrorData } from "#domain/errors.ts";
import type { Person } from "#domain/person.ts";
import { systemClock, type Clock } from "#platform/clock.ts";
import { AttemptLimiter } from "./attempt-limiter.ts";
import { openAuth, type AuthOptions } from "./auth.ts";
import { SessionReader } from "./session-reader.ts";

export interface IdentityOptions extends AuthOptions {
  /** Puts a sign-in on record; when it rejects, nobody is signed in. */
  readonly onSignIn: (person: { id: string; name: string; email: string }) => Promise<void>;
  readonly clock?: Clock;
}

/** Who people are: answers /api/auth/*, and names the person behind a request. */
export interface Identity {
  /** Answers a request below /api/auth; `address` is the peer's. Never rejects. */
  answer(request: Request, address: string): Promise<Response>;
  /** @throws MeshError DATABASE_DOWN when it cannot be told now. */
  personOf(headers: Headers): Promise<Person | null>;
}

/** Of the auth library's many endpoints, the ones the console offers. */
const SIGN_IN = "/api/auth/sign-in/email";
const SIGN_OUT = "/api/auth/sign-out";
const OFFERED: ReadonlySet<string> = new Set([`POST ${SIGN_IN}`, `POST ${SIGN_OUT}`, "GET /api/auth/get-session"]);

const PER_PERSON = { failures: 10, windowMs: 60_000 };
const PER_ADDRESS = { failures: 50, windowMs: 60_000 };

const Credentials = z.object({ email: z.string().toLowerCase() });
const SignedIn = z.object({ user: z.object({ id: z.string(), name: z.string(), email: z.string() }) });

export function openIdentity(options: IdentityOptions): Identity {
  const clock = options.clock ?? systemClock;
  const auth = openAuth(options);
  const sessions = new SessionReader(auth, clock);
  const perPerson = new AttemptLimiter(PER_PERSON, clock);
  const perAddress = new AttemptLimiter(PER_ADDRESS, clock);

  async function askLibrary(request: Request): Promise<Response> {
    try {
      return await auth.handler(request);
    } catch (error) {
      // In the few endpoints that are offered it fails for one reason: its tables cannot be read.
      options.log.debug({ err: error }, "the auth library failed");
      throw new MeshError("DATABASE_DOWN", { cause: error });
    }
  }

  async function signIn(request: Request, address: string): Promise<Response> {
    const credentials = Credentials.safeParse(
      await request
        .clone()
        .json()
        .catch(() => null),
    );
    const key = `${address} ${credentials.data?.email ?? ""}`;
    if (perPerson.isBlocked(key) || perAddress.isBlocked(address)) throw new MeshError("TOO_MANY_ATTEMPTS");
    // Counted before the answer, or a burst of guesses would all be let in before the first of them is counted.
    perPerson.fail(key);
    perAddress.fail(address);
    const response = await askLibrary(request);
    if (response.status !== 401) {
      perPerson.forgive(key);
      perAddress.forgive(address);
    }
    if (response.ok) await options.onSignIn(SignedIn.parse(await response.clone().json()).user);
    return response;
  }

  async function respond(request: Request, address: string): Promise<Response> {
    const path = new URL(request.url).pathname;
    if (!OFFERED.has(`${request.method} ${path}`)) throw new MeshError("NOT_FOUND");
    const response = path === SIGN_IN ? await signIn(request, address) : await askLibrary(request);
    if (response.status >= 500) throw new MeshError("DATABASE_DOWN");
    if (path === SIGN_OUT) sessions.forget(request.headers);
    return response;
  }

  return {
    personOf: (headers) => sessions.personOf(headers),
    answer: (request, address) =>
      respond(request, address).catch((error: unknown) => {
        if (!(error instanceof MeshError)) options.log.error({ err: error }, "sign-in failed");
        return failureResponse(error instanceof MeshError ? error.code : "CONSOLE_INTERNAL");
      }),
  };
}

function failureResponse(code: ErrorCode): Response {
  const { http, blame, message } = ERRORS[code];
  const body: MeshErrorData = { code, blame, message };
  return Response.json(body, { status: http });
}
