"use client";

import { useState, type SubmitEvent } from "react";
import { toast } from "sonner";
import { ViewName, type SavedView, type ViewState } from "#domain/saved-view.ts";
import { meshErrorOf, messageOf } from "../../api/mesh-error.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Switch } from "../../ui/switch.tsx";
import { useSaveView } from "./use-saved-views.ts";

interface SaveViewDialogProps {
  /** The view whose name and readers change; null: a new one is made. */
  readonly view: SavedView | null;
  readonly state: ViewState;
  readonly onSaved: (id: string) => void;
  readonly onClose: () => void;
}

/** Asks what a view is called and who sees it. */
export function SaveViewDialog({ view, state, onSaved, onClose }: SaveViewDialogProps) {
  const [name, setName] = useState(view?.name ?? "");
  const [shared, setShared] = useState(view?.shared ?? false);
  const [tried, setTried] = useState(false);
  const save = useSaveView();
  const parsed = ViewName.safeParse(name);
  const taken = meshErrorOf(save.error)?.field === "draft.name" ? messageOf(save.error) : undefined;
  const error = tried && !parsed.success ? parsed.error.issues[0]?.message : taken;

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setTried(true);
    if (!parsed.success) return;
    save.mutate(
      { id: view?.id ?? null, draft: { name: parsed.data, shared, state: view?.state ?? state } },
      {
        onSuccess: ({ id }) => {
          toast.success(`Saved the view ${parsed.data}`);
          onSaved(id);
          onClose();
        },
      },
    );
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={view === null ? "Save as a view" : "Name and readers of the view"}
      description={
        view === null
          ? "Keeps what is found and hidden, the labels, what is opened, and where you pinned nodes."
          : undefined
      }
    >
      <form className="flex flex-col gap-4" noValidate onSubmit={submit}>
        <Field label="Name" error={error}>
          {(control) => (
            <Input
              {...control}
              maxLength={80}
              value={name}
              onChange={(event) => {
                setName(event.target.value);
                save.reset();
              }}
            />
          )}
        </Field>
        <Switch
          label="Everybody sees it"
          hint="Only you can change it. Administrators can delete it."
          checked={shared}
          onChange={setShared}
        />
        {save.error !== null && taken === undefined && (
          <Notice tone="bad" role="alert" title="Not saved">
            {messageOf(save.error)}
          </Notice>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={save.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
