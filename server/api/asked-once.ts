import { createHash } from "node:crypto";
import type { AskedOnce } from "#control/idempotency.ts";
import { canonicalJson } from "#domain/canonical-json.ts";
import { MeshError } from "#domain/errors.ts";

/** Draft-ietf-httpapi-idempotency-key-header leaves the format to the server: visible ASCII, quotes included where sent. */
const KEY = /^[\x21-\x7e]{1,128}$/;

/**
 * What a request with an idempotency key is known by; null without one.
 * @throws MeshError INVALID_INPUT for a key that cannot be one.
 */
export async function askedOnce(
  key: string | null,
  path: string,
  input: () => Promise<unknown>,
): Promise<AskedOnce | null> {
  if (key === null) return null;
  if (!KEY.test(key))
    throw new MeshError("INVALID_INPUT", {
      detail: "The header idempotency-key has to be 1 to 128 visible ASCII characters.",
    });
  const fingerprint = createHash("sha256")
    .update(`${path}\n${canonicalJson(await input())}`)
    .digest("hex");
  return { key, fingerprint };
}
