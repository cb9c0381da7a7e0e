import { isIPv6 } from "node:net";
import type { Decoded } from "./codec.ts";
import { readAddress } from "./parse-instance.ts";

/** Longest node name that is read; Dubbo's are a few hundred characters, long lists of methods included. */
export const DUBBO_NAME_MAX = 16 * 1024;
const PARAMETERS_MAX = 128;

/** What a Dubbo process says of itself in the name of a node. */
export interface DubboUrl {
  /** In lower case. */
  readonly protocol: string;
  /** Host name or IP literal, without brackets or zone. */
  readonly host: string;
  /** Null when it names none, as a consumer does. */
  readonly port: number | null;
  /** In the order given; of a key given twice the first counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Reads a node's name: `URLEncoder.encode` of `dubbo://10.0.0.7:20880/com.foo.Bar?application=…&side=provider`. Anybody may
 * write there: whatever the name is, this returns and never throws. Credentials in it are dropped.
 */
export function parseDubboUrl(nodeName: string): Decoded<DubboUrl> {
  if (nodeName.length > DUBBO_NAME_MAX)
    return { ok: false, problem: `a name of ${nodeName.length} characters; at most ${DUBBO_NAME_MAX} are read` };
  const text = decodeName(nodeName);
  if (text === null) return { ok: false, problem: "its name has a broken percent escape" };
  const [, scheme = "", authority = "", query = ""] =
    /^([A-Za-z][A-Za-z0-9+.-]{0,31}):\/\/([^/?]*)[^?]*(?:\?(.*))?$/s.exec(text) ?? [undefined, ""];
  if (scheme === "") return { ok: false, problem: "its name is not a URL" };
  const place = splitAuthority(authority);
  if (!place.ok) return place;
  return { ok: true, value: { protocol: scheme.toLowerCase(), ...place.value, parameters: readQuery(query) } };
}

/** The inverse of Java's `URLEncoder`, which writes a space as a plus; null when the escapes are broken. */
export function decodeName(name: string): string | null {
  try {
    return decodeURIComponent(name.replaceAll("+", " "));
  } catch {
    return null;
  }
}

/** `user:password@[fe80::1%eth0]:20880`; Dubbo also writes an IPv6 address without brackets. */
function splitAuthority(authority: string): Decoded<Pick<DubboUrl, "host" | "port">> {
  // A zone means something on its own machine only.
  const place = authority.slice(authority.lastIndexOf("@") + 1).replace(/%[A-Za-z0-9._-]*/, "");
  const [, host = "", digits] = isIPv6(place) ? [place, place] : (/^(.*?)(?::(\d{1,6}))?$/s.exec(place) ?? []);
  const address = readAddress(host);
  if (!address.ok) return address;
  const port = digits === undefined ? null : Number(digits);
  if (port !== null && port > 65_535) return { ok: false, problem: `${port} is not a port` };
  return { ok: true, value: { host: address.value, port: port === 0 ? null : port } };
}

function readQuery(query: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const pair of query.split("&", PARAMETERS_MAX)) {
    const equals = pair.indexOf("=");
    const key = equals === -1 ? pair : pair.slice(0, equals);
    if (key !== "" && !parameters.has(key)) parameters.set(key, equals === -1 ? "" : pair.slice(equals + 1));
  }
  return parameters;
}
