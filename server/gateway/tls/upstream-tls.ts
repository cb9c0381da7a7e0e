import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import {
  checkServerIdentity,
  createSecureContext,
  rootCertificates,
  type ConnectionOptions,
  type SecureContext,
} from "node:tls";
import type { UpstreamTls } from "#domain/service-policy.ts";
import { TLS_FLOOR } from "./certificate.ts";

/** Whom instances' certificates may come from: the authorities that Node trusts, and those of a file. */
export class UpstreamAuthorities {
  readonly #own: readonly string[];
  #context: SecureContext | null = null;

  /**
   * `caFile`: certificates in PEM, besides the public authorities; null for none.
   * @throws Error when the file cannot be read.
   */
  constructor(caFile: string | null) {
    this.#own = caFile === null ? [] : [readFileSync(caFile, "utf8")];
  }

  /** How TLS is spoken to an instance at `address` (a host name or IP literal) of a service with this policy. */
  optionsFor(address: string, { serverName, verify }: UpstreamTls): ConnectionOptions {
    const name = serverName ?? address;
    // One for all connections, and none where there are none: to build one costs more than a handshake.
    this.#context ??= createSecureContext({
      minVersion: TLS_FLOOR,
      ...(this.#own.length === 0 ? {} : { ca: [...rootCertificates, ...this.#own] }),
    });
    return {
      secureContext: this.#context,
      rejectUnauthorized: verify,
      // An address is not asked for (RFC 6066 §3), but may be what the certificate is for.
      servername: isIP(name) === 0 ? name : "",
      checkServerIdentity: (_asked, certificate) => checkServerIdentity(name, certificate),
    };
  }
}
