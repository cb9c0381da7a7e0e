import { createHash, randomBytes } from "node:crypto";

/** A one-time token of 256 random bits, for a link that is shown once. */
export function newSignInToken(): string {
  return randomBytes(32).toString("base64url");
}

/** What is kept of a token: it cannot be turned back into one. */
export function signInTokenHash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
