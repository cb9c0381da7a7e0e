"use client";

import { ArrowDown, ArrowUp, Trash2 } from "lucide-react";
import { SubsetFields } from "../../routes/subset-fields.tsx";
import { NumberField, QuantityField, TextField } from "../../ui/bound-fields.tsx";
import { Button } from "../../ui/button.tsx";
import { DURATION_UNITS, SIZE_UNITS } from "../../ui/quantity.ts";
import { FixedReplyPreview } from "./fixed-reply-preview.tsx";
import type { PolicyFormInput } from "./policy-form-input.ts";

type FallbackInput = NonNullable<PolicyFormInput["fallbacks"]>[number];

interface FallbackRowProps {
  readonly at: number;
  readonly count: number;
  readonly value: FallbackInput;
  readonly mayMove: (by: -1 | 1) => boolean;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
}

const KIND_WORDS: Readonly<Record<FallbackInput["kind"], { readonly title: string; readonly says: string }>> = {
  service: { title: "Backup service", says: "Answers with breaker, balancing and limits of its own." },
  "last-good": {
    title: "Last good reply",
    says: "The answer the same GET had before. Private answers and those that must not be stored are never kept.",
  },
  fixed: { title: "Fixed reply", says: "Always answers the same; it stands last." },
};

/** One fallback with its fields, its place in the order, and the bin. */
export function FallbackRow({ at, count, value, mayMove, onMove, onRemove }: FallbackRowProps) {
  const { title, says } = KIND_WORDS[value.kind];
  const name = `fallback ${(at + 1).toString()}`;
  return (
    <li>
      <div
        role="group"
        aria-label={`Fallback ${(at + 1).toString()}: ${title.toLowerCase()}`}
        className="flex flex-col gap-2 rounded-md border border-line px-3 pt-1.5 pb-3"
      >
        <div className="flex items-center gap-2">
          <span aria-hidden className="w-4 shrink-0 text-ink-3">
            {at + 1}
          </span>
          <div className="min-w-0 flex-1">
            <span className="font-medium">{title}</span> <span className="text-sm text-ink-3">{says}</span>
          </div>
          {count > 1 &&
            ([-1, 1] as const).map((by) => {
              const Arrow = by === -1 ? ArrowUp : ArrowDown;
              const may = mayMove(by);
              return (
                // Not `disabled`: at the end of its way it would lose the focus.
                <Button
                  key={by}
                  variant="ghost"
                  size="icon"
                  data-move={`${at.toString()} ${by.toString()}`}
                  aria-label={`Move ${name} ${by === -1 ? "up" : "down"}`}
                  aria-disabled={!may}
                  onClick={() => {
                    if (may) onMove(by);
                  }}
                >
                  <Arrow aria-hidden />
                </Button>
              );
            })}
          <Button variant="ghost" size="icon" aria-label={`Remove ${name}`} onClick={onRemove}>
            <Trash2 aria-hidden />
          </Button>
        </div>
        <div className="sm:pl-6">
          <Fields at={at} value={value} />
        </div>
      </div>
    </li>
  );
}

function Fields({ at, value }: { at: number; value: FallbackInput }) {
  const context = `of fallback ${(at + 1).toString()}`;
  switch (value.kind) {
    case "service":
      return (
        <div className="grid gap-x-3 gap-y-2 sm:grid-cols-2">
          <SubsetFields<PolicyFormInput>
            servicePath={`fallbacks.${at}.service`}
            labelsPath={`fallbacks.${at}.labels`}
            context={context}
            labelsHint="Only instances with these labels."
          />
        </div>
      );
    case "last-good":
      return (
        <div className="grid gap-x-3 gap-y-2 sm:grid-cols-2">
          <QuantityField<PolicyFormInput>
            path={`fallbacks.${at}.maxAgeMs`}
            label="No older than"
            labelContext={context}
            units={DURATION_UNITS}
            hint="Default 1 min, at most 24 h."
          />
          <QuantityField<PolicyFormInput>
            path={`fallbacks.${at}.maxBytes`}
            label="No larger than"
            labelContext={context}
            units={SIZE_UNITS}
            hint="Larger answers are not kept. Default 64 KiB, at most 1 MiB."
          />
        </div>
      );
    case "fixed":
      return (
        <div className="grid gap-x-3 gap-y-2 sm:grid-cols-2">
          <NumberField<PolicyFormInput>
            path={`fallbacks.${at}.status`}
            label="Status"
            labelContext={context}
            hint="200 to 599."
          />
          <TextField<PolicyFormInput>
            path={`fallbacks.${at}.contentType`}
            label="Content type"
            labelContext={context}
            mono
          />
          <TextField<PolicyFormInput>
            path={`fallbacks.${at}.body`}
            label="Body"
            labelContext={context}
            lines={4}
            mono
            hint="At most 8 KiB, sent as it stands."
          />
          <FixedReplyPreview reply={value} />
        </div>
      );
  }
}
