import { z } from "zod";
import { MeshError } from "#domain/errors.ts";
import { Role, type Person } from "#domain/person.ts";
import type { Clock } from "#platform/clock.ts";
import { COOKIE_PREFIX, type Auth } from "./auth.ts";

/** How long a session that was checked counts while the database cannot be asked, ms. */
export const OFFLINE_TRUST_MS = 5 * 60_000;
const MAX_REMEMBERED = 1000;

const StoredPerson = z.object({ id: z.string(), name: z.string(), email: z.string(), role: Role.catch("viewer") });

/** Tells who is behind a request's cookie. */
export class SessionReader {
  readonly #auth: Auth;
  readonly #clock: Clock;
  readonly #remembered = new Map<string, { person: Person; atMs: number }>();

  constructor(auth: Auth, clock: Clock) {
    this.#auth = auth;
    this.#clock = clock;
  }

  /**
   * The person signed in by these headers; null when there is none.
   * @throws MeshError DATABASE_DOWN when it cannot be told, and the session was not seen in the last minutes.
   */
  async personOf(headers: Headers): Promise<Person | null> {
    const cookie = sessionCookie(headers.get("cookie"));
    if (cookie === undefined) return null;
    try {
      const session = await this.#auth.api.getSession({ headers });
      if (session === null) return this.#forget(cookie);
      return this.#remember(cookie, StoredPerson.parse(session.user));
    } catch (error) {
      const known = this.#remembered.get(cookie);
      if (known !== undefined && this.#clock.monotonicMs() - known.atMs < OFFLINE_TRUST_MS) return known.person;
      throw new MeshError("DATABASE_DOWN", { cause: error });
    }
  }

  /** Forgets a session that was ended. */
  forget(headers: Headers): void {
    const cookie = sessionCookie(headers.get("cookie"));
    if (cookie !== undefined) this.#forget(cookie);
  }

  #remember(cookie: string, person: Person): Person {
    this.#remembered.delete(cookie);
    this.#remembered.set(cookie, { person, atMs: this.#clock.monotonicMs() });
    const oldest = this.#remembered.keys().next();
    if (this.#remembered.size > MAX_REMEMBERED && oldest.done !== true) this.#remembered.delete(oldest.value);
    return person;
  }

  #forget(cookie: string): null {
    this.#remembered.delete(cookie);
    return null;
  }
}

/** Value of the session's cookie, signature included; the name starts with `__Secure-` over https. */
function sessionCookie(header: string | null): string | undefined {
  for (const part of (header ?? "").split(";")) {
    const [name = "", ...value] = part.trim().split("=");
    if (name === `${COOKIE_PREFIX}.session_token` || name === `__Secure-${COOKIE_PREFIX}.session_token`)
      return value.join("=");
  }
  return undefined;
}
