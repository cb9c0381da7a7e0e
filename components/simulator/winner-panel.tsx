import { CircleCheck } from "lucide-react";
import type { ReactNode } from "react";
import type { RouteSpec } from "#domain/route.ts";
import type { Published } from "#domain/snapshot.ts";
import { formatSetting } from "../format/time.ts";
import { describeMatch } from "../routes/describe-match.ts";
import { RouteBadges } from "../routes/route-badges.tsx";
import {
  corsInWords,
  faultsInWords,
  mirrorInWords,
  rateLimitsInWords,
  retriesInWords,
} from "../routes/sections/section-words.ts";
import { Notice } from "../ui/notice.tsx";
import { Panel } from "../ui/panel.tsx";
import { ForwardedTo } from "./forwarded-to.tsx";
import { HeaderPreview } from "./header-preview.tsx";
import { redirectTarget, rewrittenPath } from "./preview-request.ts";
import type { ReadRequest } from "./read-request.ts";
import { RouteName } from "./route-name.tsx";
import type { ExplainedCandidate } from "./simulate.ts";

interface WinnerPanelProps {
  readonly route: Published<RouteSpec>;
  readonly candidate: ExplainedCandidate;
  readonly request: ReadRequest;
  readonly draftId: string | undefined;
}

/** The route that takes the request, and what becomes of it there. */
export function WinnerPanel({ route, candidate, request, draftId }: WinnerPanelProps) {
  const { spec } = route;
  const { match } = candidate;
  const answers = spec.answer !== null;
  const settings: readonly (readonly [string, { readonly summary: string; readonly set: boolean }])[] = [
    ["Rate limits", rateLimitsInWords(spec.rateLimits)],
    ["CORS", corsInWords(spec.cors)],
    ...(answers
      ? []
      : ([
          ["Retries", { ...retriesInWords(spec.retry), set: true }],
          ["Mirror", mirrorInWords(spec.mirror)],
          ["Faults", faultsInWords(spec.faults)],
        ] as const)),
  ];
  return (
    <Panel>
      <div role="status" className="mb-3 flex flex-wrap items-center gap-x-2 gap-y-1 text-md">
        <CircleCheck aria-hidden className="size-5 text-good" />
        <span>
          <RouteName id={route.id} draftId={draftId} /> takes it
        </span>
        <RouteBadges spec={spec} />
      </div>
      <dl className="grid gap-x-4 gap-y-3 sm:grid-cols-[128px_minmax(0,1fr)]">
        <Line name="By its match">
          {candidate.host === "" ? "any host" : <code className="font-mono">{candidate.host}</code>},{" "}
          {describeMatch(match)}
        </Line>
        {spec.answer === null ? (
          <ForwardLines {...{ spec, match, request }} />
        ) : (
          <AnswerLines {...{ spec, match, request }} />
        )}
        {!answers && (
          <Line name="Request headers">
            <HeaderPreview changes={spec.requestHeaders} routeId={route.id} match={match} request={request} />
          </Line>
        )}
        <Line name="Response headers">
          <HeaderPreview changes={spec.responseHeaders} routeId={route.id} match={match} request={request} />
        </Line>
        {settings
          .filter(([, { set }]) => set)
          .map(([name, { summary }]) => (
            <Line key={name} name={name}>
              {summary}
            </Line>
          ))}
      </dl>
    </Panel>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0 break-words max-sm:-mt-2.5">{children}</dd>
    </>
  );
}

interface LinesProps {
  readonly spec: RouteSpec;
  readonly match: ExplainedCandidate["match"];
  readonly request: ReadRequest;
}

function ForwardLines({ spec, match, request }: LinesProps) {
  const path = spec.rewritePath === null ? request.path : rewrittenPath(spec.rewritePath, match, request);
  return (
    <>
      <Line name="Goes to">
        <ForwardedTo spec={spec} request={request} />
      </Line>
      <Line name="Sent as">
        {path === null ? (
          <Notice tone="bad" title="400: there is no path to send">
            With what this request holds, the path that the route sends could be read in two ways.
          </Notice>
        ) : (
          <code className="font-mono text-sm">
            {request.method} {path}
            {request.search}
            <br />
            Host: {spec.rewriteHost ?? request.authority}
          </code>
        )}
      </Line>
      <Line name="Answer within">{formatSetting(spec.timeoutMs)}</Line>
    </>
  );
}

function AnswerLines({ spec, match, request }: LinesProps) {
  if (spec.answer === null) return null;
  if (spec.answer.kind === "fixed") {
    const { status, contentType, body } = spec.answer;
    return (
      <Line name="The gateway answers">
        <div>
          {status}, {contentType === "" ? "without content type" : contentType}
        </div>
        {body !== "" && (
          <pre className="mt-1 max-h-40 overflow-auto rounded bg-sunken p-2 font-mono text-sm whitespace-pre-wrap">
            {body}
          </pre>
        )}
      </Line>
    );
  }
  const location = redirectTarget(spec.answer, match, request);
  return (
    <Line name="The gateway answers">
      {location === null ? (
        "400: with what this request holds there is no address to send it to."
      ) : (
        <>
          {spec.answer.status} to <code className="font-mono text-sm">{location}</code>
        </>
      )}
    </Line>
  );
}
