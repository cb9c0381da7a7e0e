"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { showRefusal } from "../api/show-refusal.ts";
import { useTRPC } from "../api/trpc.ts";
import { useMayEdit } from "../identity/use-session.ts";
import { links } from "../links.ts";
import { ErrorState } from "../ui/error-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Panel } from "../ui/panel.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { RouteFormBody } from "./route-form-body.tsx";
import { useRouteForm } from "./route-form.ts";
import { EMPTY_ROUTE, type RouteFormInput, type RouteFormOutput } from "./route-form-schema.ts";

/** An empty form, or one filled in as another route is; once saved, the new route's own page shows it travel. */
export function NewRoutePage({ from }: { from: string | null }) {
  return (
    <>
      <PageHeader
        title="New route"
        {...(from !== null && { note: `Filled in as ${from} is. Choose a name, and what it takes.` })}
        above={
          <Link href={links.routes()} className="hover:underline">
            Routes
          </Link>
        }
      />
      {from === null ? <NewRouteForm values={EMPTY_ROUTE} /> : <CopyOf id={from} />}
    </>
  );
}

function CopyOf({ id }: { id: string }) {
  const route = useQuery(useTRPC().routes.get.queryOptions({ id }));
  if (route.data !== undefined) return <NewRouteForm values={{ id: "", spec: route.data.spec }} />;
  if (route.isError) return <ErrorState error={route.error} onRetry={() => void route.refetch()} />;
  return (
    <Panel padded={false}>
      <SkeletonRows />
    </Panel>
  );
}

function NewRouteForm({ values }: { values: RouteFormInput }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const form = useRouteForm(values);
  const create = useMutation(trpc.routes.create.mutationOptions());

  const save = async (output: RouteFormOutput): Promise<void> => {
    try {
      const row = await create.mutateAsync(output);
      queryClient.setQueryData(trpc.routes.get.queryKey({ id: row.id }), row);
      toast.success(`Route ${row.id} created as revision ${row.revision.toString()}`);
      router.push(links.route(row.id));
    } catch (error) {
      showRefusal(form, error);
    }
  };

  return (
    <RouteFormBody
      form={form}
      isNew
      mayEdit={useMayEdit()}
      routeId=""
      guarded={!create.isSuccess}
      saving={create.isPending}
      onSave={save}
    />
  );
}
