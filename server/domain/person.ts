import { z } from "zod";

/** What a person may do: look, edit policy, or also look after people. Each includes the ones before. */
const ROLES = ["viewer", "operator", "administrator"] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

/** True when `held` permits what needs `needed`. */
export function isPermitted(held: Role, needed: Role): boolean {
  return ROLES.indexOf(held) >= ROLES.indexOf(needed);
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
}

export interface SessionState {
  /** Null when nobody is signed in. */
  readonly person: Person | null;
  /** True until somebody has used the one-time link printed at the first start. */
  readonly needsFirstAdministrator: boolean;
  /** Forcing what carries this many requests per second has to be confirmed by typing its name; 0: always. */
  readonly forceConfirmRps: number;
}

const SignInToken = z.string().min(1, "The link is not complete").max(200);
export const SignInLinkQuery = z.object({ token: SignInToken });

/** What a one-time link is good for. */
export type SignInLink =
  | { readonly purpose: "first-administrator" }
  | { readonly purpose: "new-password"; readonly name: string; readonly email: string };

/** What the holder of a one-time link says to become the first administrator, or to choose a new password. */
export const ClaimDraft = z.object({
  token: SignInToken,
  name: z
    .string()
    .trim()
    .min(1, "Say who you are")
    .max(100, "At most 100 characters")
    .regex(/^[^\p{Cc}]*$/u, "No control characters"),
  email: z.email("An address such as ada@example.com").max(254).toLowerCase(),
  password: z.string().min(10, "At least 10 characters").max(128, "At most 128 characters"),
});
export type ClaimDraft = z.infer<typeof ClaimDraft>;
