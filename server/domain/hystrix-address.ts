import { parseAddress } from "./address-range.ts";
import { authorityOf, type Instance } from "./instance.ts";

/** Instance metadata that says where the instance's `hystrix.stream` is. */
const STREAM_METADATA = "hystrix.stream";

const LENGTH_MAX = 2048;

/** Where to fetch a stream from, or why what the instance says must not be followed. */
export type StreamAddress = { readonly url: string } | { readonly problem: string };

/**
 * The stream that an instance advertises; null when it advertises none. A path, `:port/path`, or a URL: always at the
 * address that the instance registered, so that nobody is led elsewhere by what stands in the registry.
 */
export function streamAddress(instance: Instance): StreamAddress | null {
  const text = (instance.metadata[STREAM_METADATA] ?? "").trim();
  if (text === "") return null;
  if (text.length > LENGTH_MAX) return { problem: "What it advertises is too long." };
  const own = URL.parse(`${instance.tls ? "https" : "http"}://${authorityOf(instance)}/`);
  const url = own === null ? null : resolve(text, own);
  if (own === null || url === null)
    return { problem: "What it advertises is no path, no :port/path and no address of http or https." };
  if (url.username !== "" || url.password !== "") return { problem: "What it advertises has a user name in it." };
  if (!isSameHost(url.hostname, own.hostname))
    return { problem: `It advertises a stream at ${url.hostname}, and not at its own address ${instance.address}.` };
  if (url.port === "0") return { problem: "What it advertises has no usable port." };
  url.hash = "";
  return { url: url.href };
}

function resolve(text: string, own: URL): URL | null {
  // `//host` and `/\host` are other hosts, in the clothes of a path: the comparison of hosts finds them.
  if (text.startsWith("/")) return URL.parse(text, own);
  if (text.startsWith(":")) return URL.parse(`http://${own.hostname}${text}`);
  const url = URL.parse(text);
  return url !== null && (url.protocol === "http:" || url.protocol === "https:") ? url : null;
}

function isSameHost(one: string, other: string): boolean {
  if (one === other) return true;
  const [a, b] = [addressIn(one), addressIn(other)];
  return a !== null && b !== null && a.every((group, at) => group === b[at]);
}

function addressIn(hostname: string): ReturnType<typeof parseAddress> {
  return parseAddress(hostname.replace(/^\[(.*)\]$/, "$1"));
}
