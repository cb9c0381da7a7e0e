"use client";

import { Route } from "lucide-react";
import { useDeferredValue, useMemo } from "react";
import { compileRoutes } from "#domain/route-match.ts";
import type { RouteSpec } from "#domain/route.ts";
import type { Published } from "#domain/snapshot.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { Notice } from "../ui/notice.tsx";
import { Panel } from "../ui/panel.tsx";
import { CandidatesTable } from "./candidates-table.tsx";
import { readRequest } from "./read-request.ts";
import { RequestForm } from "./request-form.tsx";
import { simulate } from "./simulate.ts";
import { isEmptyRequest, type TypedRequest } from "./typed-request.ts";
import { WinnerPanel } from "./winner-panel.tsx";

interface SimulatorProps {
  readonly routes: readonly Published<RouteSpec>[];
  readonly request: TypedRequest;
  readonly onRequest: (request: TypedRequest) => void;
  /** Route whose draft takes part; its name is no link, since its page is where one is. */
  readonly draftId?: string;
}

/** A request on the left; on the right what gateways would do with it, and why. */
export function Simulator({ routes, request, onRequest, draftId }: SimulatorProps) {
  const hosts = useMemo(
    () => [...new Set(routes.flatMap(({ spec }) => spec.hosts.filter((host) => !host.startsWith("*"))))].toSorted(),
    [routes],
  );
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(280px,360px)_minmax(0,1fr)]">
      <Panel title="Request">
        <RequestForm request={request} onChange={onRequest} hosts={hosts} />
      </Panel>
      <div className="flex min-w-0 flex-col gap-4">
        <Outcome routes={routes} typed={useDeferredValue(request)} draftId={draftId} />
      </div>
    </div>
  );
}

interface OutcomeProps {
  readonly routes: readonly Published<RouteSpec>[];
  readonly typed: TypedRequest;
  readonly draftId: string | undefined;
}

function Outcome({ routes, typed, draftId }: OutcomeProps) {
  const read = useMemo(() => readRequest(typed), [typed]);
  const compiled = useMemo(() => compileRoutes(routes), [routes]);
  const simulation = useMemo(() => ("refused" in read ? null : simulate(compiled, read)), [compiled, read]);
  if (isEmptyRequest(typed)) {
    return (
      <Panel>
        <EmptyState icon={Route} title="Which route takes a request?">
          Name a host and a path. The decision is made here, in the browser, by the same code that gateways run, over
          all routes as they are saved; nothing is sent. Each route that does not take the request says why.
        </EmptyState>
      </Panel>
    );
  }
  if ("refused" in read) {
    return (
      <Notice
        tone={read.byGateway ? "bad" : "warn"}
        title={read.byGateway ? "Refused with 400, before any route is asked" : "Not a request yet"}
      >
        {read.refused}
      </Notice>
    );
  }
  if (simulation === null) return null;
  const { winner, refusal, preflightFor, candidates } = simulation;
  return (
    <>
      {winner === null && (
        <Notice tone="bad" title="404: no route takes it">
          {candidates.length === 0
            ? "There are no routes yet."
            : "Below stands what each was missing, the first to be asked first."}
        </Notice>
      )}
      {winner !== null && refusal !== null && (
        <Notice tone="bad" title={`400: ${winner.route.id} takes it, but refuses it`}>
          {refusal} No other route is asked.
        </Notice>
      )}
      {winner !== null && refusal === null && preflightFor !== null && (
        <Notice tone="info" title={`The gateway answers this preflight itself, for the ${preflightFor} to follow`}>
          By the CORS settings of {winner.route.id}, which will take that request. No service is asked.
        </Notice>
      )}
      {winner !== null && refusal === null && (
        <WinnerPanel route={winner.route} candidate={winner.candidate} request={read} draftId={draftId} />
      )}
      {candidates.length > 0 && <CandidatesTable candidates={candidates} draftId={draftId} />}
    </>
  );
}
