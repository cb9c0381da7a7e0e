import type { RouteSpec } from "#domain/route.ts";
import { describeAnswer } from "./describe-answer.ts";
import { describeMatch } from "./describe-match.ts";
import { destinationName } from "#domain/destination-name.ts";
import {
  corsInWords,
  faultsInWords,
  headersInWords,
  mirrorInWords,
  rateLimitsInWords,
  rewriteInWords,
} from "./sections/section-words.ts";

/** All of a route that one might search for. */
export function routeWords(id: string, spec: RouteSpec): readonly string[] {
  const settings = [
    rewriteInWords(spec),
    headersInWords(spec.requestHeaders),
    headersInWords(spec.responseHeaders),
    corsInWords(spec.cors),
    rateLimitsInWords(spec.rateLimits),
    mirrorInWords(spec.mirror),
    faultsInWords(spec.faults),
  ];
  return [
    id,
    spec.description,
    ...spec.hosts,
    ...spec.matches.map(describeMatch),
    ...spec.destinations.map(destinationName),
    ...(spec.answer === null ? [] : [spec.answer.kind, describeAnswer(spec.answer)]),
    ...settings.filter(({ set }) => set).map(({ summary }) => summary),
    ...(spec.faults === null ? [] : ["faults"]),
    ...(spec.mirror === null ? [] : ["mirror"]),
    ...(spec.webSocket ? ["websocket"] : []),
  ];
}
