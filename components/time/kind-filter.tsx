"use client";

import { MARKER_KINDS, type MarkerKind } from "#domain/history.ts";
import { CheckChoice } from "../ui/check-choice.tsx";
import { MarkerGlyph } from "./marker-glyph.tsx";
import { MARKER_WORDS } from "./marker-words.ts";

interface KindFilterProps {
  readonly kinds: ReadonlySet<MarkerKind>;
  readonly onChange: (kinds: ReadonlySet<MarkerKind>) => void;
}

/** Which kinds of what happened are shown. */
export function KindFilter({ kinds, onChange }: KindFilterProps) {
  return (
    <fieldset className="flex flex-wrap gap-1">
      <legend className="sr-only">Kinds shown</legend>
      {MARKER_KINDS.map((kind) => (
        <CheckChoice
          key={kind}
          sign={<MarkerGlyph kind={kind} tone="neutral" />}
          label={MARKER_WORDS[kind].word}
          checked={kinds.has(kind)}
          onChange={(checked) => {
            onChange(new Set(MARKER_KINDS.filter((one) => (one === kind ? checked : kinds.has(one)))));
          }}
        />
      ))}
    </fieldset>
  );
}
