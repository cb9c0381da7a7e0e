import { readdir, readFile, stat } from "node:fs/promises";
import { join, parse } from "node:path";

/** Where certificates are: one pair of files, or a folder of pairs `shop.crt` and `shop.key`. */
export type CertificateSource =
  | { readonly kind: "pair"; readonly cert: string; readonly key: string }
  | { readonly kind: "folder"; readonly path: string };

/** Two files that belong together. */
export interface CertificatePair {
  /** For people: the files' common name. */
  readonly name: string;
  readonly cert: string;
  readonly key: string;
}

const CHAIN = new Set([".crt", ".pem", ".cer"]);

/** The pairs there are now, by name. */
export async function listPairs(source: CertificateSource): Promise<CertificatePair[]> {
  if (source.kind === "pair") return [{ name: parse(source.cert).name, cert: source.cert, key: source.key }];
  const files = await readdir(source.path);
  return files
    .map((file) => parse(file))
    .filter(({ name, ext }) => CHAIN.has(ext) && files.includes(`${name}.key`))
    .sort((a, b) => (a.base < b.base ? -1 : 1))
    .filter(({ name }, index, all) => all[index - 1]?.name !== name)
    .map(({ name, base }) => ({ name, cert: join(source.path, base), key: join(source.path, `${name}.key`) }));
}

/** Differs whenever either file was written or replaced, also through a link to another folder. */
export async function stampOf({ cert, key }: CertificatePair): Promise<string> {
  const stats = await Promise.all([stat(cert), stat(key)]);
  return stats.map(({ ino, size, mtimeMs }) => `${ino} ${size} ${mtimeMs}`).join(", ");
}

export async function readPair({ cert, key }: CertificatePair): Promise<{ cert: string; key: string }> {
  const [certText, keyText] = await Promise.all([readFile(cert, "utf8"), readFile(key, "utf8")]);
  return { cert: certText, key: keyText };
}
