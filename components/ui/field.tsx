import { useId, type ReactNode } from "react";
import { cn } from "./cn.ts";

/** What the control inside a field must carry so that label, hint and error belong to it. */
export interface ControlProps {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
}

interface FieldProps {
  readonly label: string;
  /** Completes the label for those who do not see where the field stands. */
  readonly labelContext?: string | undefined;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly className?: string | undefined;
  /** Where the control's value is in its form: what is wrong there is led to here. */
  readonly path?: string | undefined;
  readonly children: (control: ControlProps) => ReactNode;
}

/** Label above, control, then the error or else the hint below. */
export function Field({ label, labelContext, hint, error, className, path, children }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const hasNote = error !== undefined || (hint !== undefined && hint !== "");
  return (
    <div data-field={path} className={cn("flex min-w-0 flex-col gap-1", className)}>
      <label htmlFor={id} className="text-sm font-medium text-ink-2">
        {label}
        {labelContext !== undefined && <span className="sr-only"> {labelContext}</span>}
      </label>
      {children({
        id,
        "aria-describedby": hasNote ? noteId : undefined,
        "aria-invalid": error === undefined ? undefined : true,
      })}
      {hasNote && (
        <p id={noteId} className={cn("text-sm", error === undefined ? "text-ink-3" : "text-bad")}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}
