import { parameterPlaces } from "./path-parameters.ts";
import { parametersOf } from "./path-rewrite.ts";
import type { Answer, HeaderChanges, PathRewrite } from "./route-actions.ts";
import type { RouteMatch } from "./route-conditions.ts";
import { pathParameterIn, templateParts } from "./value-template.ts";

/** Of a route, what names parameters of its paths. */
interface ParameterUse {
  readonly matches: readonly RouteMatch[];
  readonly answer: Answer | null;
  readonly rewritePath: PathRewrite | null;
  readonly requestHeaders: HeaderChanges;
  readonly responseHeaders: HeaderChanges;
}

interface ParameterProblem {
  /** Of the field at fault, from the route. */
  readonly path: (string | number)[];
  readonly message: string;
}

/**
 * Parameters that are used but that no path of the route has. A path to send needs them in every match, since without
 * one there is nothing to send; a header's value in one at least, since it is left out where there is none.
 */
export function parameterProblems(route: ParameterUse): ParameterProblem[] {
  const templates = route.matches.map(({ path }) => (path.kind === "template" ? path.value : ""));
  const redirectPath = route.answer?.kind === "redirect" ? route.answer.path : null;
  return [
    ...inPath(route.rewritePath, ["rewritePath", "value"], templates),
    ...inPath(redirectPath, ["answer", "path", "value"], templates),
    ...inHeaders(route.requestHeaders, "requestHeaders", templates),
    ...inHeaders(route.responseHeaders, "responseHeaders", templates),
  ];
}

function inPath(rewrite: PathRewrite | null, path: string[], templates: readonly string[]): ParameterProblem[] {
  if (rewrite?.kind !== "full") return [];
  const missing = parametersOf(rewrite.value).find((name) =>
    templates.some((template) => !parameterPlaces(name, [template]).has(template)),
  );
  if (missing === undefined) return [];
  return [{ path, message: `Every match needs a path template with {${missing}}, such as /orders/{${missing}}` }];
}

function inHeaders(changes: HeaderChanges, field: string, templates: readonly string[]): ParameterProblem[] {
  return (["set", "add"] as const).flatMap((kind) =>
    changes[kind].flatMap(({ value }, at) => {
      const missing = parametersIn(value).find((name) => parameterPlaces(name, templates).size === 0);
      if (missing === undefined) return [];
      return [{ path: [field, kind, at, "value"], message: `No match has a path template with {${missing}}` }];
    }),
  );
}

function parametersIn(value: string): string[] {
  const parts = templateParts(value);
  if (typeof parts === "string") return [];
  return parts.flatMap((part) => (typeof part === "string" ? [] : (pathParameterIn(part.name) ?? [])));
}
