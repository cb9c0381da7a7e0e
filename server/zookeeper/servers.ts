/** One server of the ensemble. */
export interface Server {
  readonly host: string;
  readonly port: number;
}

/** A connect string taken apart. `chroot` is empty or starts with `/`. */
export interface Ensemble {
  readonly servers: readonly [Server, ...Server[]];
  readonly chroot: string;
}

/**
 * Reads `host:port[,host:port…][/chroot]`; IPv6 hosts in brackets.
 * @throws Error naming the part that cannot be used.
 */
export function parseServers(text: string): Ensemble {
  const slash = text.indexOf("/");
  const list = slash === -1 ? text : text.slice(0, slash);
  const chroot = slash === -1 ? "" : text.slice(slash).replace(/\/+$/, "");
  const [first, ...rest] = list.split(",").map((entry) => parseServer(entry.trim()));
  if (first === undefined) throw new Error("No ZooKeeper server is named");
  if (/\/\/|\/\.{1,2}(?:\/|$)/.test(chroot)) throw new Error(`"${chroot}" is not a usable ZooKeeper path`);
  return { servers: [first, ...rest], chroot };
}

function parseServer(entry: string): Server {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(entry) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) {
    throw new Error(`"${entry}" is not a ZooKeeper server; write host:port`);
  }
  return { host, port: Number(port) };
}
