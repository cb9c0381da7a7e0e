import { parameterPlaces, segmentAt } from "#domain/path-parameters.ts";
import type { RouteSpec } from "#domain/route.ts";
import { isValueName, pathParameterIn, type Lookup, type ValueName } from "#domain/value-template.ts";
import type { RequestFacts } from "./route-filters.ts";

const LOOKUPS: Readonly<Record<ValueName, Lookup<RequestFacts>>> = {
  "request.id": ({ requestId }) => requestId,
  "request.host": ({ head }) => head.host,
  "request.path": ({ head }) => head.path,
  "request.method": ({ head }) => head.method,
  caller: ({ arrival }) => arrival.caller,
  "client.address": ({ arrival }) => arrival.remoteAddress,
  route: ({ route }) => route?.id ?? null,
  service: ({ target }) => target?.service ?? null,
  instance: ({ instance }) => instance?.id ?? null,
};

/** Finds what a value names: `request.id`, …, `path.<parameter>` of the route's templates. */
export function valueLookup(name: string, spec: RouteSpec): Lookup<RequestFacts> {
  if (isValueName(name)) return LOOKUPS[name];
  const parameter = pathParameterIn(name);
  return parameter === null ? () => null : parameterLookup(parameter, spec);
}

/** Finds what a parameter of the template that matched took, as it is in the path. */
export function parameterLookup(name: string, spec: RouteSpec): Lookup<RequestFacts> {
  const templates = spec.matches.flatMap(({ path }) => (path.kind === "template" ? [path.value] : []));
  const places = parameterPlaces(name, templates);
  return ({ match, head }) => {
    const path = match?.match.path;
    const place = path?.kind === "template" ? places.get(path.value) : undefined;
    return place === undefined ? null : segmentAt(head.path, place);
  };
}
