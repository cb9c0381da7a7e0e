"use client";

import type { RequestKey } from "#domain/route-actions.ts";
import type { ControlProps } from "../ui/field.tsx";
import { Input, NativeSelect } from "../ui/input.tsx";

const KINDS = [
  { value: "address", label: "the client's address" },
  { value: "caller", label: "the calling service" },
  { value: "header", label: "a header" },
  { value: "cookie", label: "a cookie" },
  { value: "query", label: "a query parameter" },
] as const;

const NAMED = { header: "x-user-id", cookie: "session", query: "user" } as const;

interface RequestKeyInputProps {
  readonly control: ControlProps;
  readonly value: RequestKey | null;
  readonly onChange: (value: RequestKey | null) => void;
  readonly onBlur: () => void;
  /** What choosing no key means; without it there must be one. */
  readonly none?: string;
  /** Names the field beside it: `Name of the key of limit 1`. */
  readonly nameLabel: string;
}

/** What requests are told apart by. */
export function RequestKeyInput({ control, value, onChange, onBlur, none, nameLabel }: RequestKeyInputProps) {
  const name = value !== null && "name" in value ? value.name : null;
  return (
    <div className="flex gap-1">
      <NativeSelect
        {...control}
        className="min-w-36"
        value={value?.kind ?? ""}
        onBlur={onBlur}
        onChange={(event) => {
          onChange(keyOf(event.target.value, name ?? ""));
        }}
      >
        {none !== undefined && <option value="">{none}</option>}
        {KINDS.map((kind) => (
          <option key={kind.value} value={kind.value}>
            {kind.label}
          </option>
        ))}
      </NativeSelect>
      {value !== null && "name" in value && (
        <Input
          aria-label={nameLabel}
          aria-invalid={control["aria-invalid"]}
          placeholder={NAMED[value.kind]}
          value={value.name}
          onBlur={onBlur}
          onChange={(event) => {
            onChange({ ...value, name: event.target.value });
          }}
        />
      )}
    </div>
  );
}

/** A name typed for one kind is kept for the next. */
function keyOf(kind: string, name: string): RequestKey | null {
  switch (kind) {
    case "address":
    case "caller":
      return { kind };
    case "header":
    case "cookie":
    case "query":
      return { kind, name };
    default:
      return null;
  }
}
