import type { ShownEntry } from "./shown-entry.ts";
import { useServerNow } from "../live/use-now.ts";
import { MeshLinks } from "../time/mesh-then.tsx";
import { DiffTable } from "../diff/diff-table.tsx";
import { diffValues } from "../diff/diff-values.ts";

/** What an entry changed, field by field, and its place in the chain. */
export function EntryDetails({ entry }: { entry: ShownEntry }) {
  const differences = diffValues(entry.before, entry.after);
  const nowMs = useServerNow();
  const refused = entry.action === "edit.refused";
  return (
    <div className="flex flex-col gap-2">
      {differences.length === 0 ? (
        <p className="text-ink-3">It changed no saved value.</p>
      ) : (
        <DiffTable
          caption={`What entry ${entry.sequence.toString()} changed`}
          differences={differences}
          beforeHeading={refused ? "As it stands" : "Before"}
          afterHeading={refused ? "Attempted" : "After"}
        />
      )}
      <MeshLinks atMs={entry.atMs} sequence={entry.sequence} nowMs={nowMs} />
      <p className="font-mono text-xs break-all text-ink-3">
        Entry {entry.sequence}, hash {entry.hash}
      </p>
    </div>
  );
}
