"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { showRefusal } from "../api/show-refusal.ts";
import { useTRPC } from "../api/trpc.ts";
import { useMayEdit } from "../identity/use-session.ts";
import { links } from "../links.ts";
import { PageHeader } from "../ui/page-header.tsx";
import { RouteFormBody } from "./route-form-body.tsx";
import { useRouteForm } from "./route-form.ts";
import { EMPTY_ROUTE, type RouteFormOutput } from "./route-form-schema.ts";

/** An empty form; once saved, the route's own page shows it travel. */
export function NewRoutePage() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const form = useRouteForm(EMPTY_ROUTE);
  const create = useMutation(trpc.routes.create.mutationOptions());

  const save = async (values: RouteFormOutput): Promise<void> => {
    try {
      const row = await create.mutateAsync(values);
      queryClient.setQueryData(trpc.routes.get.queryKey({ id: row.id }), row);
      toast.success(`Route ${row.id} created as revision ${row.revision.toString()}`);
      router.push(links.route(row.id));
    } catch (error) {
      showRefusal(form, error);
    }
  };

  return (
    <>
      <PageHeader
        title="New route"
        above={
          <Link href={links.routes()} className="hover:underline">
            Routes
          </Link>
        }
      />
      <RouteFormBody
        form={form}
        isNew
        mayEdit={useMayEdit()}
        routeId=""
        guarded={!create.isSuccess}
        saving={create.isPending}
        onSave={save}
      />
    </>
  );
}
