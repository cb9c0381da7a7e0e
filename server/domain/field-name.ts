import { z } from "zod";

/** HTTP field name, RFC 9110 §5.1 (token). Compared without regard to case, so kept in lower case. */
export const FieldName = z
  .string()
  .min(1, "Name a header")
  .max(128)
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "Not a valid header name")
  .transform((name) => name.toLowerCase());

/**
 * Fields no policy may set or remove: they say where a message ends or where it goes, or belong to one connection only
 * (RFC 9110 §7.6.1, RFC 9112 §6). `x-mesh-*` and the forwarding fields are the gateway's own account.
 */
const FRAMING = new Set([
  "connection",
  "content-length",
  "expect",
  "forwarded",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-port",
  "x-forwarded-proto",
  "x-real-ip",
  "x-request-id",
]);

/** A field that policy may change. */
export const ChangeableField = FieldName.refine((name) => !FRAMING.has(name) && !name.startsWith("x-mesh-"), {
  error: "The gateway writes this header itself",
});

/** Text for a field's value: visible ASCII, spaces and tabs inside; no line breaks (RFC 9110 §5.5). */
export const FieldValue = z
  .string()
  .max(2048)
  .regex(/^(?:[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)?$/, "Visible ASCII without line breaks");

/** Name of a cookie, RFC 6265 §4.1.1 (token). Compared with regard to case. */
export const CookieName = z
  .string()
  .min(1, "Name a cookie")
  .max(128)
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "Not a valid cookie name");
