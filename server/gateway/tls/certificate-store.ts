import { watch, type FSWatcher } from "node:fs";
import { dirname } from "node:path";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import { CertificateChoice, readCertificate, type Certificate } from "./certificate.ts";
import { listPairs, readPair, stampOf, type CertificatePair, type CertificateSource } from "./certificate-files.ts";

/** How one pair of files stands, for people. */
export interface CertificateStatus {
  readonly name: string;
  readonly names: readonly string[];
  /** Unix epoch, ms; null when nothing of it was ever usable. */
  readonly notAfterMs: number | null;
  /** Why what the files hold now is not in use; empty when it is. */
  readonly problem: string;
}

/** There is no certificate that could be used. */
export class CertificateFailure extends Error {}

interface Entry {
  readonly pair: CertificatePair;
  /** Of the files as they were last read. */
  stamp: string;
  certificate: Certificate | null;
  problem: string;
}

/** Watching files fails in silence on some file systems: they are looked at this often besides, ms. */
const LOOK_EVERY_MS = 5000;
/** A certificate and its key are written one after the other: the first change waits for the second this long, ms. */
const SETTLE_MS = 100;

/**
 * The certificates of the files as they are now. A pair that cannot be used (half-written, a key of another certificate,
 * gone) leaves in force what was read of it before.
 */
export class CertificateStore implements Part {
  readonly name = "certificates";
  readonly #source: CertificateSource;
  readonly #log: Log;
  readonly #entries = new Map<string, Entry>();
  readonly #watchers: FSWatcher[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #timer: NodeJS.Timeout;
  #settling: NodeJS.Timeout | undefined;
  #choice = new CertificateChoice([]);
  #looking: Promise<void> = Promise.resolve();
  #stopped = false;

  /** @throws CertificateFailure when there is no certificate that could be used. */
  static async open(source: CertificateSource, log: Log): Promise<CertificateStore> {
    const store = new CertificateStore(source, log);
    await store.look();
    if (store.choose("") !== undefined) return store;
    await store.stop();
    const [problem = "there is no pair of files such as shop.crt and shop.key"] = store
      .list()
      .map((one) => one.problem);
    throw new CertificateFailure(problem);
  }

  private constructor(source: CertificateSource, log: Log) {
    this.#source = source;
    this.#log = log;
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
    const folders = source.kind === "folder" ? [source.path] : [dirname(source.cert), dirname(source.key)];
    for (const folder of new Set(folders)) this.#watch(folder);
  }

  /** The certificate for the name a client asks for; undefined only before there is any. */
  choose(serverName: string): Certificate | undefined {
    return this.#choice.for(serverName);
  }

  list(): CertificateStatus[] {
    return [...this.#entries.values()].map(({ pair, certificate, problem }) => ({
      name: pair.name,
      names: certificate?.names ?? [],
      notAfterMs: certificate?.notAfterMs ?? null,
      problem,
    }));
  }

  /** Called after other certificates were put in force; returns its undo. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Reads what has changed. By itself when files change, and every few seconds. One look at a time. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#look());
    return this.#looking;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    clearTimeout(this.#settling);
    for (const watcher of this.#watchers) watcher.close();
    await this.#looking;
  }

  #watch(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, () => {
        this.#settling ??= setTimeout(() => {
          this.#settling = undefined;
          void this.look();
        }, SETTLE_MS).unref();
      });
      // Then they are looked at by the clock alone.
      watcher.on("error", () => watcher.close());
      this.#watchers.push(watcher);
    } catch (error) {
      this.#log.debug({ folder, err: error }, "the folder of certificates cannot be watched");
    }
  }

  async #look(): Promise<void> {
    if (this.#stopped) return;
    const pairs = await listPairs(this.#source).catch(() => null);
    // A folder that cannot be read says nothing of what was in it.
    if (pairs === null) return;
    let changed = this.#forget(new Set(pairs.map(({ name }) => name)));
    for (const pair of pairs) if (await this.#read(pair)) changed = true;
    if (!changed) return;
    this.#choice = new CertificateChoice(this.#usable());
    for (const listener of this.#listeners) listener();
  }

  /** Takes a pair in if it has changed; true when another certificate is in force. */
  async #read(pair: CertificatePair): Promise<boolean> {
    const known = this.#entries.get(pair.name);
    const entry = known ?? { pair, stamp: "", certificate: null, problem: "" };
    this.#entries.set(pair.name, entry);
    let stamp = "";
    try {
      // Before reading: what changes meanwhile is read again.
      stamp = await stampOf(pair);
      if (stamp === entry.stamp) return false;
      const { cert, key } = await readPair(pair);
      entry.certificate = readCertificate(cert, key);
      entry.problem = "";
      const { names, notAfterMs } = entry.certificate;
      this.#log.info({ certificate: pair.name, names, notAfter: new Date(notAfterMs) }, "certificate in force");
      return true;
    } catch (error) {
      const problem = `${pair.cert} and ${pair.key} cannot be used: ${error instanceof Error ? error.message : String(error)}`;
      if (problem !== entry.problem)
        this.#log.error(
          { certificate: pair.name, problem, kept: entry.certificate !== null },
          "certificate not usable",
        );
      entry.problem = problem;
      return false;
    } finally {
      entry.stamp = stamp;
    }
  }

  /** Lets go of pairs whose files are gone; but never of the last certificate there is. */
  #forget(present: ReadonlySet<string>): boolean {
    let forgotten = false;
    for (const [name, { certificate }] of this.#entries) {
      if (present.has(name) || (certificate !== null && this.#usable().length === 1)) continue;
      this.#entries.delete(name);
      forgotten ||= certificate !== null;
    }
    return forgotten;
  }

  #usable(): Certificate[] {
    return [...this.#entries.values()].flatMap(({ certificate }) => certificate ?? []);
  }
}
