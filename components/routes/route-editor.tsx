"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { useWatch } from "react-hook-form";
import { toast } from "sonner";
import type { PolicyRow } from "#domain/policy.ts";
import { RouteSpec } from "#domain/route.ts";
import { ERRORS } from "#domain/errors.ts";
import { meshErrorOf } from "../api/mesh-error.ts";
import { CurrentRow } from "../api/policy-row.ts";
import { useTRPC } from "../api/trpc.ts";
import { DeliveryStrip } from "../delivery/delivery-strip.tsx";
import { formatAgo } from "../format/time.ts";
import { useMayEdit } from "../identity/use-session.ts";
import { links } from "../links.ts";
import { useServerNow } from "../live/use-now.ts";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { DeleteRouteDialog } from "./delete-route-dialog.tsx";
import { RouteFormBody } from "./route-form-body.tsx";
import { showRefusal } from "../api/show-refusal.ts";
import { useRouteForm } from "./route-form.ts";
import type { RouteFormOutput } from "./route-form-schema.ts";
import { StaleEditNotice } from "../ui/stale-edit-notice.tsx";

type Row = PolicyRow<RouteSpec>;

/** The row a refused edit brought back; null when the object is gone or cannot be read here. */
function currentRow(current: unknown): Row | null {
  const row = CurrentRow.safeParse(current);
  const spec = RouteSpec.safeParse(row.data?.spec);
  return row.success && spec.success ? { ...row.data, spec: spec.data } : null;
}

/**
 * Edits a route from one version on (`base`). A version saved by somebody else in the meantime (`row` is kept fresh by
 * the page) is taken over silently while nothing was changed here, and announced otherwise; the console refuses the
 * save in any case.
 */
export function RouteEditor({ row }: { row: Row }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const mayEdit = useMayEdit();
  const nowMs = useServerNow();
  const [base, setBase] = useState(row);
  const [theirs, setTheirs] = useState<Row | null>(null);
  const [reapplying, setReapplying] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const form = useRouteForm({ id: row.id, spec: row.spec });
  const mine = useWatch({ control: form.control, name: "spec" });
  const { isDirty, isSubmitting } = form.formState;
  const update = useMutation(trpc.routes.update.mutationOptions());

  const adopt = (newer: Row): void => {
    setBase(newer);
    setTheirs(null);
    setReapplying(false);
    form.reset({ id: newer.id, spec: newer.spec });
  };

  const isNewer = row.version > base.version;
  useEffect(() => {
    if (isNewer && !isDirty && !update.isPending) adopt(row);
    // `adopt` is made anew with every rendering and does the same each time.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [isNewer, isDirty, row, update.isPending]);

  const save = async ({ spec }: RouteFormOutput): Promise<void> => {
    try {
      const saved = await update.mutateAsync({ id: base.id, expectedVersion: base.version, spec });
      queryClient.setQueryData(trpc.routes.get.queryKey({ id: saved.id }), saved);
      adopt(saved);
      toast.success(`Saved as revision ${saved.revision.toString()}`);
    } catch (error) {
      const mesh = meshErrorOf(error);
      const current = mesh?.code === "STALE_EDIT" ? currentRow(mesh.current) : null;
      if (current === null) showRefusal(form, error);
      else setTheirs(current);
    }
  };

  const keepMine = (newer: Row): void => {
    form.reset({ id: newer.id, spec: newer.spec }, { keepValues: true });
    setBase(newer);
    setTheirs(null);
    setReapplying(true);
  };

  const newer = theirs ?? (isNewer && isDirty && !update.isPending ? row : null);
  return (
    <div className="max-w-5xl">
      <PageHeader
        title={base.id}
        above={
          <Link href={links.routes()} className="hover:underline">
            Routes
          </Link>
        }
        note={`Version ${base.version.toString()}, saved by ${base.updatedBy} ${formatAgo(base.updatedAtMs, nowMs)}`}
        actions={
          <Button
            disabled={!mayEdit}
            onClick={() => {
              setDeleting(true);
            }}
          >
            Delete…
          </Button>
        }
      />
      <div className="mb-4">
        <DeliveryStrip policyKey={`routes/${base.id}`} revision={base.revision} saving={isSubmitting} />
      </div>
      <RouteFormBody
        form={form}
        isNew={false}
        mayEdit={mayEdit}
        routeId={base.id}
        guarded
        saving={update.isPending}
        onSave={save}
        notice={
          newer !== null ? (
            <StaleEditNotice
              refused={theirs !== null}
              message={
                theirs === null
                  ? "Somebody else has changed this route while you were editing it."
                  : ERRORS.STALE_EDIT.message
              }
              theirs={newer}
              mine={mine}
              onLoadTheirs={() => {
                adopt(newer);
              }}
              onKeepMine={() => {
                keepMine(newer);
              }}
            />
          ) : (
            reapplying && (
              <Notice tone="info">
                Saving now puts your values on top of version {base.version} by {base.updatedBy}.
              </Notice>
            )
          )
        }
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
