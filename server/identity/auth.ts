import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import type { Log } from "#platform/log.ts";

export interface AuthOptions {
  /** Prisma's client; its models `person`, `session`, `account`, `verification` are the library's tables. */
  readonly client: object;
  readonly secret: string;
  /** Address of the console; cookies are marked secure when it is https. */
  readonly baseUrl: string;
  readonly trustedOrigins: readonly string[];
  readonly log: Log;
}

export const COOKIE_PREFIX = "meshkeeper";
const DAY_S = 24 * 3600;

/** The auth library, set up: e-mail and password of people who were let in by a link; nobody signs up. */
export function openAuth(options: AuthOptions) {
  return betterAuth({
    appName: "Meshkeeper",
    secret: options.secret,
    baseURL: options.baseUrl,
    basePath: "/api/auth",
    trustedOrigins: [...options.trustedOrigins],
    database: prismaAdapter(options.client, { provider: "postgresql" }),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10, maxPasswordLength: 128 },
    user: {
      modelName: "person",
      additionalFields: { role: { type: "string", required: false, input: false, defaultValue: "viewer" } },
    },
    session: { expiresIn: 7 * DAY_S, disableSessionRefresh: true, cookieCache: { enabled: false } },
    advanced: { cookiePrefix: COOKIE_PREFIX, defaultCookieAttributes: { httpOnly: true, sameSite: "lax" } },
    // Ours counts failures only, and answers in the catalogue's words (attempt-limiter.ts).
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    // Its refusals are answers all the same; what is none of them rejects, and is not written to the console.
    onAPIError: { throw: true },
    logger: { level: "warn", log: (level, message, ...details) => options.log.debug({ level, details }, message) },
  });
}

export type Auth = ReturnType<typeof openAuth>;
