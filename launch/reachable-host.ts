/** Address by which this machine reaches a listener bound to `host`: one bound to every address answers on loopback. */
export function reachableHost(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}

/** `http://host:port` for a listener on this machine; IPv6 addresses in brackets. */
export function httpAddress(host: string, port: number): string {
  const reachable = reachableHost(host);
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
}
