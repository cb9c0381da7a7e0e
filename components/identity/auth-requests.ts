import { z } from "zod";

const Refusal = z.object({ message: z.string().optional(), code: z.string().optional() });

/** The endpoints of the sign-in library that pages call; everything else about people goes through tRPC. */
const SIGN_IN_URL = "/api/auth/sign-in/email";
const SIGN_OUT_URL = "/api/auth/sign-out";

async function post(url: string, body: object): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** Signs in. Answers null when it worked, else why not, for people. */
export async function signIn(email: string, password: string): Promise<string | null> {
  const response = await post(SIGN_IN_URL, { email, password }).catch(() => null);
  if (response === null) return "The console does not answer. Check that it runs, then try again.";
  if (response.ok) return null;
  if (response.status === 429) return "Too many attempts. Wait a minute and try again.";
  if (response.status === 401 || response.status === 403) return "E-mail address or password is not right.";
  const refusal = Refusal.safeParse(await response.json().catch(() => null));
  return (
    refusal.data?.message ?? `Signing in failed (HTTP ${response.status.toString()}). The console's log says more.`
  );
}

/** Signs out. True when the session is over. */
export async function signOut(): Promise<boolean> {
  const response = await post(SIGN_OUT_URL, {}).catch(() => null);
  return response?.ok ?? false;
}
