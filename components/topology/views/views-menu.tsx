"use client";

import { Popover } from "@base-ui/react/popover";
import { Bookmark, Check, Users } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import type { SavedView, ViewState } from "#domain/saved-view.ts";
import { messageOf } from "../../api/mesh-error.ts";
import { useMayAdminister } from "../../identity/use-session.ts";
import { Button, buttonClass } from "../../ui/button.tsx";
import { SearchInput } from "../../ui/search-input.tsx";
import { DeleteViewDialog } from "./delete-view-dialog.tsx";
import { SaveViewDialog } from "./save-view-dialog.tsx";
import { isChanged, useSavedViews, useSaveView } from "./use-saved-views.ts";

/** Fewer are found at a glance. */
const SEARCH_FROM = 8;

interface ViewsMenuProps {
  /** The view that is open; null: none. */
  readonly openId: string | null;
  readonly state: ViewState;
  readonly onOpen: (view: SavedView) => void;
  /** The state that is shown now has become a view. */
  readonly onSaved: (id: string) => void;
  readonly onLeave: () => void;
}

/** Saved views: opening, saving, sharing and deleting them. */
export function ViewsMenu({ openId, state, onOpen, onSaved, onLeave }: ViewsMenuProps) {
  const views = useSavedViews();
  const [asking, setAsking] = useState<"new" | "edit" | "delete" | null>(null);
  const [search, setSearch] = useState("");
  const save = useSaveView();
  const mayAdminister = useMayAdminister();
  const all = views.data ?? [];
  const open = all.find(({ id }) => id === openId) ?? null;
  const changed = open !== null && isChanged(open, state);
  const found = all.filter(({ name }) => name.toLowerCase().includes(search.trim().toLowerCase()));
  const close = (): void => {
    setAsking(null);
  };

  const overwrite = (view: SavedView): void => {
    save.mutate(
      { id: view.id, draft: { name: view.name, shared: view.shared, state } },
      {
        onSuccess: () => toast.success(`Saved the view ${view.name}`),
        onError: (error) => toast.error(messageOf(error)),
      },
    );
  };

  return (
    <>
      <Popover.Root>
        <Popover.Trigger className={buttonClass()}>
          <Bookmark aria-hidden />
          <span className="max-w-40 truncate">{open === null ? "Views" : open.name}</span>
          {changed && <span className="text-ink-3">(changed)</span>}
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Positioner side="bottom" align="end" sideOffset={6} className="z-40">
            <Popover.Popup className="flex max-h-[70dvh] w-80 max-w-[calc(100vw-32px)] flex-col rounded-md border border-line bg-surface shadow-pop outline-none">
              <Popover.Title className="px-3 pt-3 font-medium">Saved views</Popover.Title>
              {all.length >= SEARCH_FROM && (
                <div className="px-3 pt-2">
                  <SearchInput label="Search views" value={search} onChange={setSearch} />
                </div>
              )}
              <div className="min-h-0 overflow-y-auto p-1.5">
                {views.error !== null && <p className="px-2 py-1 text-bad">{messageOf(views.error)}</p>}
                {views.data !== undefined && found.length === 0 && (
                  <p className="px-2 py-1 text-ink-3">
                    {all.length === 0 ? "None yet. Arrange the topology, then save it here." : "None has this name."}
                  </p>
                )}
                <ul>
                  {found.map((view) => (
                    <ViewLine key={view.id} view={view} isOpen={view.id === openId} onOpen={onOpen} />
                  ))}
                </ul>
              </div>
              <div className="flex flex-wrap gap-2 border-t border-line p-3">
                {changed && open.mine && (
                  <Button
                    size="sm"
                    variant="primary"
                    disabled={save.isPending}
                    onClick={() => {
                      overwrite(open);
                    }}
                  >
                    Save changes
                  </Button>
                )}
                {changed && (
                  <Button
                    size="sm"
                    onClick={() => {
                      onOpen(open);
                    }}
                  >
                    Undo changes
                  </Button>
                )}
                <Button
                  size="sm"
                  onClick={() => {
                    setAsking("new");
                  }}
                >
                  Save as new…
                </Button>
                {open?.mine === true && (
                  <Button
                    size="sm"
                    onClick={() => {
                      setAsking("edit");
                    }}
                  >
                    Rename or share…
                  </Button>
                )}
                {open !== null && (open.mine || mayAdminister) && (
                  <Button
                    size="sm"
                    onClick={() => {
                      setAsking("delete");
                    }}
                  >
                    Delete…
                  </Button>
                )}
                {openId !== null && (
                  <Button size="sm" variant="ghost" onClick={onLeave}>
                    Leave the view
                  </Button>
                )}
              </div>
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
      {asking === "new" && <SaveViewDialog view={null} state={state} onSaved={onSaved} onClose={close} />}
      {asking === "edit" && open !== null && (
        <SaveViewDialog view={open} state={state} onSaved={() => undefined} onClose={close} />
      )}
      {asking === "delete" && open !== null && <DeleteViewDialog view={open} onDeleted={onLeave} onClose={close} />}
    </>
  );
}

interface ViewLineProps {
  readonly view: SavedView;
  readonly isOpen: boolean;
  readonly onOpen: (view: SavedView) => void;
}

function ViewLine({ view, isOpen, onOpen }: ViewLineProps) {
  return (
    <li>
      <Popover.Close
        className="flex w-full items-center gap-2 rounded px-2 py-1.5 text-left hover:bg-hover"
        aria-current={isOpen ? "true" : undefined}
        onClick={() => {
          onOpen(view);
        }}
      >
        <Check aria-hidden className={isOpen ? "size-4 shrink-0 text-accent" : "invisible size-4 shrink-0"} />
        <span className="min-w-0 truncate">{view.name}</span>
        {view.shared && (
          <span className="ml-auto flex items-center gap-1 text-sm whitespace-nowrap text-ink-3">
            <Users aria-hidden className="size-3.5" />
            {view.mine ? "shared" : view.ownerName}
          </span>
        )}
      </Popover.Close>
    </li>
  );
}
