import type { IncomingMessage, ServerResponse } from "node:http";
import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http";
import { Registry } from "prom-client";
import type { ApiContext, ApiDeps } from "#api/context.ts";
import { appRouter } from "#api/root.ts";
import { MeshError, type MeshErrorData } from "#domain/errors.ts";
import type { Identity } from "#identity/identity.ts";
import type { Log } from "#platform/log.ts";
import { refuseMetrics } from "./metrics-access.ts";
import type { Pages } from "./pages.ts";
import { setPagePolicy, setSecurityHeaders } from "./security-headers.ts";
import { sendJson, sendWebResponse, webHeaders, webRequest } from "./web-exchange.ts";

/** Something a console cannot do at the moment, and why. */
export interface Missing {
  readonly what: string;
  readonly problem: string;
}

/** What Prometheus is told. */
export interface ConsoleMetrics {
  /** In Prometheus' text format. */
  readonly render: () => Promise<string>;
  /** Who shows it may read them; not set: only this machine may. */
  readonly token?: string | undefined;
}

export interface ConsoleHttpOptions {
  readonly deps: ApiDeps;
  readonly identity: Identity;
  readonly pages: Pages;
  /** The console's own address; requests are resolved against it. */
  readonly url: string;
  readonly origins: readonly string[];
  /** Without these the console is not ready. */
  readonly missing: () => readonly Missing[];
  /** Without these it is ready all the same. */
  readonly degraded: () => readonly Missing[];
  readonly metrics: ConsoleMetrics;
  readonly log: Log;
}

const MAX_BODY = 1024 * 1024;
const MAX_AUTH_BODY = 16 * 1024;
const TRPC = "/api/trpc/";
const AUTH = "/api/auth/";

/** Answers the console's requests: health, sign-in, the API, and everything else by the pages. Never rejects. */
export function consoleHttp(
  options: ConsoleHttpOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { log } = options;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    setSecurityHeaders(response);
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    if (path === "/healthz") return sendJson(response, 200, { ok: true });
    if (path === "/readyz") return answerReady(response, options);
    if (path === "/metrics") return answerMetrics(request, response, options.metrics);
    if (!path.startsWith("/api/")) return answerPage(request, response, options.pages);
    refuseForeign(request, options.origins);
    if (Number(request.headers["content-length"] ?? 0) > MAX_BODY) throw new MeshError("DOCUMENT_TOO_LARGE");
    if (path.startsWith(TRPC)) return answerApi(request, response, path.slice(TRPC.length), options);
    if (path.startsWith(AUTH)) return answerAuth(request, response, options);
    throw new MeshError("NOT_FOUND");
  }

  return (request, response) =>
    answer(request, response).catch((error: unknown) => {
      const failure = error instanceof MeshError ? error : new MeshError("CONSOLE_INTERNAL", { cause: error });
      if (failure.code === "CONSOLE_INTERNAL") log.error({ err: error, url: request.url }, "request failed");
      if (response.headersSent) response.destroy();
      else sendJson(response, failure.spec.http, dataOf(failure));
    });
}

function dataOf(failure: MeshError): MeshErrorData {
  const { code, spec, detail } = failure;
  return { code, blame: spec.blame, message: spec.message, ...(detail !== undefined && { detail }) };
}

function answerReady(response: ServerResponse, options: ConsoleHttpOptions): void {
  const missing = options.missing();
  sendJson(response, missing.length === 0 ? 200 : 503, {
    ready: missing.length === 0,
    missing,
    degraded: options.degraded(),
  });
}

async function answerMetrics(
  request: IncomingMessage,
  response: ServerResponse,
  { render, token }: ConsoleMetrics,
): Promise<void> {
  const refusal = refuseMetrics(request, token);
  if (refusal === null) {
    const text = await render();
    response
      .writeHead(200, { "content-type": Registry.PROMETHEUS_CONTENT_TYPE, "cache-control": "no-store" })
      .end(text);
    return;
  }
  if (refusal.status === 401) response.setHeader("www-authenticate", 'Bearer realm="metrics"');
  sendJson(response, refusal.status, { error: refusal.problem });
}

async function answerPage(request: IncomingMessage, response: ServerResponse, pages: Pages): Promise<void> {
  setPagePolicy(request, response, pages.development);
  await pages.answer(request, response);
}

/** Refuses requests that another site's page makes with this browser's cookies. */
function refuseForeign(request: IncomingMessage, origins: readonly string[]): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  const { origin } = request.headers;
  if (origin === undefined || origins.includes(origin)) return;
  throw new MeshError("NOT_PERMITTED", {
    detail: `The page is at ${origin}, which is not this console's address; CONSOLE_URL sets it.`,
  });
}

async function answerAuth(
  request: IncomingMessage,
  response: ServerResponse,
  { identity, url }: ConsoleHttpOptions,
): Promise<void> {
  const asked = await webRequest(request, url, MAX_AUTH_BODY);
  await sendWebResponse(response, await identity.answer(asked, request.socket.remoteAddress ?? ""));
}

/** Pages ask for a handful of things at once; more is somebody multiplying a costly call. */
const MAX_BATCH = 20;

async function answerApi(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  options: ConsoleHttpOptions,
): Promise<void> {
  const { deps, identity, log } = options;
  await nodeHTTPRequestHandler({
    router: appRouter,
    req: request,
    res: response,
    path,
    maxBodySize: MAX_BODY,
    maxBatchSize: MAX_BATCH,
    createContext: (): ApiContext => ({
      deps,
      person: onceFor(() => identity.personOf(webHeaders(request))),
      idempotencyKey: webHeaders(request).get("idempotency-key"),
    }),
    onError: ({ error, path: procedure }) => {
      const isExpected = error.cause instanceof MeshError || error.code !== "INTERNAL_SERVER_ERROR";
      if (isExpected) log.debug({ procedure, err: error }, "request refused");
      else log.error({ procedure, err: error.cause ?? error }, "procedure failed");
    },
  });
}

/** Calls of one batch arrive at once and share the answer; a subscription that asks again later gets a fresh one. */
function onceFor<T>(ask: () => Promise<T>): () => Promise<T> {
  let asking: Promise<T> | undefined;
  return () => {
    asking ??= ask().finally(() => setImmediate(() => (asking = undefined)));
    return asking;
  };
}
