import { X509Certificate } from "node:crypto";
import { createSecureContext, type SecureContext } from "node:tls";

/** A certificate chain and its key, ready to be used. */
export interface Certificate {
  /** DNS names it is good for, in lower case; `*.` in front stands for one label. */
  readonly names: readonly string[];
  /** Unix epoch, ms. */
  readonly notAfterMs: number;
  /** PEM, as read. */
  readonly cert: string;
  readonly key: string;
  readonly context: SecureContext;
}

/** TLS 1.0 and 1.1 are withdrawn (RFC 8996). */
export const TLS_FLOOR = "TLSv1.2";

/**
 * Reads a chain and its key.
 * @throws Error when either cannot be read, or the key is of another certificate.
 */
export function readCertificate(cert: string, key: string): Certificate {
  const leaf = new X509Certificate(cert);
  const context = createSecureContext({ cert, key, minVersion: TLS_FLOOR });
  return { names: namesOf(leaf), notAfterMs: leaf.validToDate.getTime(), cert, key, context };
}

/** Chooses among certificates by the name a client asks for (SNI). Made anew whenever they change. */
export class CertificateChoice {
  readonly #exact = new Map<string, Certificate>();
  readonly #wildcards = new Map<string, Certificate>();
  readonly #first: Certificate | undefined;

  constructor(certificates: readonly Certificate[]) {
    this.#first = certificates[0];
    // Of two for one name the one that is good for longer is the newer.
    for (const certificate of certificates.toSorted((a, b) => a.notAfterMs - b.notAfterMs)) {
      for (const name of certificate.names) {
        if (name.startsWith("*.")) this.#wildcards.set(name.slice(2), certificate);
        else this.#exact.set(name, certificate);
      }
    }
  }

  /** The first one for clients that name nothing, or nothing that we have. */
  for(serverName: string): Certificate | undefined {
    const name = serverName.toLowerCase();
    return this.#exact.get(name) ?? this.#wildcards.get(name.slice(name.indexOf(".") + 1)) ?? this.#first;
  }
}

/** RFC 6125 §6.4.4: the subject's common name counts only where there are no alternative names. */
function namesOf(leaf: X509Certificate): string[] {
  const alternatives = leaf.subjectAltName?.split(", ") ?? [`DNS:${/^CN=(.+)$/m.exec(leaf.subject)?.[1] ?? ""}`];
  return alternatives.filter((name) => name.startsWith("DNS:")).map((name) => name.slice(4).toLowerCase());
}
