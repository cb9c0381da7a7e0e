"use client";

import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { useTRPC } from "../api/trpc.ts";
import { ErrorState } from "../ui/error-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Panel } from "../ui/panel.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { Simulator } from "./simulator.tsx";
import { requestFromParams, requestToParams, type TypedRequest } from "./typed-request.ts";

/** Try a request: which route takes it, and why no other does. The address holds the request, so that it can be shared. */
export function SimulatorPage() {
  const routes = useQuery(useTRPC().routes.list.queryOptions());
  const params = useSearchParams();
  const [request, setRequest] = useState(() => requestFromParams(params));
  const change = (next: TypedRequest): void => {
    setRequest(next);
    const query = requestToParams(next).toString();
    window.history.replaceState(null, "", query === "" ? window.location.pathname : `?${query}`);
  };
  return (
    <>
      <PageHeader
        title="Try a request"
        note="Decided in the browser by the code that gateways run. Nothing is sent; the address of this page holds the request."
      />
      {routes.data !== undefined ? (
        <Simulator routes={routes.data} request={request} onRequest={change} />
      ) : routes.isError ? (
        <ErrorState error={routes.error} onRetry={() => void routes.refetch()} />
      ) : (
        <Panel padded={false}>
          <SkeletonRows />
        </Panel>
      )}
    </>
  );
}
