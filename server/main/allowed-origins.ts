/** Where a console is reached. */
export interface ConsoleAddress {
  readonly host: string;
  readonly port: number;
  /** The public address, when one was set. */
  readonly url: string | undefined;
}

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];
const EVERYWHERE: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

/** The console's address for people and links. */
export function consoleUrl({ host, port, url }: ConsoleAddress): string {
  return (url ?? `http://${EVERYWHERE.has(host) ? "localhost" : bracketed(host)}:${port}`).replace(/\/+$/, "");
}

/** Origins whose pages may change things here: the public address, the address bound to, and this machine's own names. */
export function allowedOrigins(address: ConsoleAddress): readonly string[] {
  const hosts = EVERYWHERE.has(address.host) ? LOOPBACK : [...LOOPBACK, bracketed(address.host)];
  const own = hosts.map((host) => new URL(`http://${host}:${address.port}`).origin);
  return [...new Set([...own, new URL(consoleUrl(address)).origin])];
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
