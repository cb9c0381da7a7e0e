import type { RouteSpec } from "#domain/route.ts";

/** A request as somebody types it: nothing of it has been looked at yet. */
export interface TypedRequest {
  readonly listener: RouteSpec["listeners"][number];
  /** Service whose egress listener takes it; at the edge nobody's. */
  readonly caller: string;
  readonly method: string;
  readonly host: string;
  /** Path with query. */
  readonly target: string;
  /** One `name: value` a line. */
  readonly headers: string;
  /** As in a Cookie header: `a=1; b=2`. */
  readonly cookies: string;
}

export const EMPTY_REQUEST: TypedRequest = {
  listener: "edge",
  caller: "",
  method: "GET",
  host: "",
  target: "",
  headers: "",
  cookies: "",
};

/** True until something is said of where the request goes. */
export function isEmptyRequest({ host, target }: TypedRequest): boolean {
  return host === "" && target === "";
}

/** The request that an address of the page holds. */
export function requestFromParams(params: Pick<URLSearchParams, "get">): TypedRequest {
  const text = (name: keyof TypedRequest): string => params.get(name) ?? EMPTY_REQUEST[name];
  return {
    listener: params.get("listener") === "egress" ? "egress" : "edge",
    caller: text("caller"),
    method: text("method"),
    host: text("host"),
    target: text("target"),
    headers: text("headers"),
    cookies: text("cookies"),
  };
}

/** The same as search parameters; what is as in an empty request is left out. */
export function requestToParams(request: TypedRequest): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(request)) params.set(name, String(value));
  for (const [name, value] of Object.entries(EMPTY_REQUEST)) if (params.get(name) === value) params.delete(name);
  return params;
}

/** A request that a route's first match takes, to begin with; what cannot be guessed stays empty. */
export function exampleRequest(spec: RouteSpec): TypedRequest {
  const [match] = spec.matches;
  const [host = ""] = spec.hosts;
  const listener = spec.listeners.includes("edge") && (match?.callers.length ?? 0) === 0 ? "edge" : "egress";
  const exact = (conditions: RouteSpec["matches"][number]["headers"]): [string, string][] =>
    conditions.flatMap(({ name, match: wanted }): [string, string][] =>
      wanted.kind === "exact" || wanted.kind === "prefix" ? [[name, wanted.value]] : [],
    );
  const query = new URLSearchParams(exact(match?.query ?? [])).toString();
  return {
    listener,
    caller: match?.callers[0] ?? "",
    method: match?.methods[0] ?? "GET",
    host: host.replace("*", "www"),
    target: `${examplePath(match?.path)}${query === "" ? "" : `?${query}`}`,
    headers: exact(match?.headers ?? [])
      .map(([name, value]) => `${name}: ${value}`)
      .join("\n"),
    cookies: exact(match?.cookies ?? [])
      .map(([name, value]) => `${name}=${value}`)
      .join("; "),
  };
}

function examplePath(path: RouteSpec["matches"][number]["path"] | undefined): string {
  if (path === undefined || path.kind === "regex") return "/";
  return path.kind === "template" ? path.value.replaceAll(/\{[^}]*\}/g, "1") : path.value;
}
