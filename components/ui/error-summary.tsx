"use client";

import type { FieldErrors } from "react-hook-form";
import { errorList } from "./error-list.ts";
import { Notice } from "./notice.tsx";

interface ErrorSummaryProps {
  readonly errors: FieldErrors;
  /** Where a path is, in words: `Match 2`, `Retries`. */
  readonly nameOf: (path: string) => string;
  readonly onGoTo: (path: string) => void;
}

/** Everything that keeps a form from being saved; each line leads to its field. */
export function ErrorSummary({ errors, nameOf, onGoTo }: ErrorSummaryProps) {
  const found = errorList(errors);
  if (found.length === 0) return null;
  return (
    <Notice
      tone="bad"
      role="alert"
      title={found.length === 1 ? "One field needs attention" : `${found.length.toString()} fields need attention`}
    >
      <ul className="max-h-28 overflow-y-auto">
        {found.map(({ path, message }) => (
          <li key={path}>
            <button
              type="button"
              className="rounded text-left underline decoration-ink-3 underline-offset-2 hover:text-ink"
              onClick={() => {
                onGoTo(path);
              }}
            >
              {nameOf(path)}: {message}
            </button>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
