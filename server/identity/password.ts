import { hashPassword as hash } from "better-auth/crypto";

/** A salted scrypt hash of a password, in the form sign-in checks against. Takes about 0.1 s on purpose. */
export function hashPassword(password: string): Promise<string> {
  return hash(password);
}
