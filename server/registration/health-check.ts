import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect } from "node:net";
import { authorityOf } from "#domain/instance.ts";

/** Asks once whether the service is well. Resolves when it is; rejects saying what is wrong, also when aborted. */
export type HealthCheck = (signal: AbortSignal) => Promise<void>;

/** A service's own opinion of itself; a rejection or false means unhealthy. */
export type OwnCheck = (signal: AbortSignal) => boolean | Promise<boolean>;

export interface CheckedPlace {
  readonly address: string;
  readonly port: number;
  /** Whether the port speaks TLS. */
  readonly tls: boolean;
}

/** Of an answer's body so much is read. */
const MAX_BODY_BYTES = 64 * 1024;

/**
 * What `health` asks for: `/path` is a GET at the place itself, a URL a GET there; `tcp` a connection to the place,
 * `tcp://host:port` one to there. Null for `none`.
 * @throws Error when it is none of these.
 */
export function healthCheckOf(health: string | OwnCheck, place: CheckedPlace): HealthCheck | null {
  if (typeof health === "function") return ownCheck(health);
  if (health === "none") return null;
  if (health === "tcp") return (signal) => canConnect(place.address, place.port, signal);
  const url = urlOf(health, place);
  if (url.protocol === "tcp:") {
    const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
    return (signal) => canConnect(host, Number(url.port), signal);
  }
  return (signal) => answersWell(url, signal);
}

/** Whether a text can be meant for `health`. */
export function isHealth(text: string): boolean {
  if (text === "none" || text === "tcp") return true;
  try {
    const { protocol, port } = urlOf(text, { address: "localhost", port: 1, tls: false });
    return protocol === "http:" || protocol === "https:" || (protocol === "tcp:" && port !== "");
  } catch {
    return false;
  }
}

function urlOf(health: string, place: CheckedPlace): URL {
  return new URL(health.startsWith("/") ? `${place.tls ? "https" : "http"}://${authorityOf(place)}${health}` : health);
}

function ownCheck(check: OwnCheck): HealthCheck {
  return (signal) =>
    new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(new Error("its own check did not answer in time")), { once: true });
      (async () => check(signal))().then((well) => (well ? resolve() : reject(new Error("it says so itself"))), reject);
    });
}

/** Whether a connection can be opened; rejects saying why not, also when aborted. */
export function canConnect(host: string, port: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal });
    socket.once("connect", () => {
      resolve();
      socket.destroy();
    });
    socket.once("error", (error: NodeJS.ErrnoException) =>
      reject(new Error(`no connection to ${authorityOf({ address: host, port })} (${reasonOf(error)})`)),
    );
  });
}

/** Any 2xx or 3xx is well, as for gateways. Certificates are not judged: a host that asks itself asks by address. */
function answersWell(url: URL, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === "https:" ? httpsRequest : httpRequest;
    const headers = { "user-agent": "meshkeeper-health-check", accept: "*/*" };
    const request = send(url, { agent: false, headers, signal, rejectUnauthorized: false }, (response) => {
      const status = response.statusCode ?? 0;
      let bytes = 0;
      const end = (): void => {
        request.destroy();
        if (status >= 200 && status < 400) resolve();
        else reject(new Error(`GET ${url.href} answered ${status}`));
      };
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_BODY_BYTES) end();
      });
      response.once("end", end);
      response.once("error", (error: NodeJS.ErrnoException) => fail(error));
    });
    const fail = (error: NodeJS.ErrnoException): void =>
      reject(new Error(`GET ${url.href} got no answer (${reasonOf(error)})`));
    request.once("error", fail);
    request.end();
  });
}

function reasonOf(error: NodeJS.ErrnoException): string {
  return error.name === "AbortError" ? "not in time" : (error.code ?? error.message);
}
