"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useWatch } from "react-hook-form";
import { toast } from "sonner";
import type { PolicyRow } from "#domain/policy.ts";
import { RouteSpec } from "#domain/route.ts";
import { useTRPC } from "../api/trpc.ts";
import { useVersionedEdit } from "../policy/use-versioned-edit.ts";
import { DeliveryStrip } from "../delivery/delivery-strip.tsx";
import { formatAgo } from "../format/time.ts";
import { useMayEdit } from "../identity/use-session.ts";
import { links } from "../links.ts";
import { useServerNow } from "../live/use-now.ts";
import { Button, ButtonLink } from "../ui/button.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { VersionedEditNotice } from "../policy/versioned-edit-notice.tsx";
import { DriftNotice } from "../sync/drift/drift-notice.tsx";
import { DeleteRouteDialog } from "./delete-route-dialog.tsx";
import { RouteBadges } from "./route-badges.tsx";
import { RouteFormBody } from "./route-form-body.tsx";
import { useRouteForm } from "./route-form.ts";
import type { RouteFormInput, RouteFormOutput } from "./route-form-schema.ts";

type Row = PolicyRow<RouteSpec>;

/** Edits a route from one version on; `saved` is kept fresh by the page. */
export function RouteEditor({ row: saved }: { row: Row }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const mayEdit = useMayEdit();
  const nowMs = useServerNow();
  const [deleting, setDeleting] = useState(false);
  const valuesOf = (row: Row | null): RouteFormInput => ({ id: saved.id, spec: row?.spec ?? saved.spec });
  const form = useRouteForm(valuesOf(saved));
  const mine = useWatch({ control: form.control, name: "spec" });
  const update = useMutation(trpc.routes.update.mutationOptions());
  const edit = useVersionedEdit<RouteSpec, RouteFormInput, RouteFormOutput>({
    form,
    row: saved,
    schema: RouteSpec,
    valuesOf,
    save: async ({ id, spec }, from) => {
      const row = await update.mutateAsync({ id, expectedVersion: (from ?? saved).version, spec });
      queryClient.setQueryData(trpc.routes.get.queryKey({ id }), row);
      toast.success(`Saved as revision ${row.revision.toString()}`);
      return row;
    },
  });
  const base = edit.base ?? saved;
  return (
    <div className="max-w-5xl">
      <PageHeader
        title={base.id}
        above={
          <Link href={links.routes()} className="hover:underline">
            Routes
          </Link>
        }
        note={
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            Version {base.version}, saved by {base.updatedBy} {formatAgo(base.updatedAtMs, nowMs)}
            <RouteBadges spec={base.spec} />
          </span>
        }
        actions={
          <>
            <ButtonLink href={links.audit(`routes/${base.id}`)}>Its edits</ButtonLink>
            {mayEdit && <ButtonLink href={links.newRoute(base.id)}>Duplicate</ButtonLink>}
            <Button
              disabled={!mayEdit}
              onClick={() => {
                setDeleting(true);
              }}
            >
              Delete…
            </Button>
          </>
        }
      />
      <div className="mb-4 flex flex-col gap-2">
        <DriftNotice policyKey={`routes/${base.id}`} />
        <DeliveryStrip policyKey={`routes/${base.id}`} revision={base.revision} saving={edit.saving} />
      </div>
      <RouteFormBody
        form={form}
        isNew={false}
        mayEdit={mayEdit}
        routeId={base.id}
        guarded
        saving={edit.saving}
        onSave={edit.submit}
        notice={<VersionedEditNotice edit={edit} what="route" mine={mine} />}
      />
      <DeleteRouteDialog
        row={base}
        open={deleting}
        onOpenChange={setDeleting}
        onDeleted={() => {
          router.push(links.routes());
        }}
      />
    </div>
  );
}
