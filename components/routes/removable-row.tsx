import { Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";

interface RemovableRowProps {
  /** Columns on wide screens; on phones the controls stand below each other. */
  readonly columns: string;
  readonly removeLabel: string;
  readonly onRemove: () => void;
  readonly error: string | undefined;
  readonly children: ReactNode;
}

/** One of several rows of small controls, with the bin at its end and what is wrong below. */
export function RemovableRow({ columns, removeLabel, onRemove, error, children }: RemovableRowProps) {
  return (
    <div>
      <div className={cn("grid grid-cols-[1fr_auto] items-center gap-2", columns)}>
        {children}
        <Button
          variant="ghost"
          size="icon"
          aria-label={removeLabel}
          className="max-sm:col-start-2 max-sm:row-start-1"
          onClick={onRemove}
        >
          <Trash2 aria-hidden />
        </Button>
      </div>
      {error !== undefined && (
        <p role="alert" className="mt-1 text-sm text-bad">
          {error}
        </p>
      )}
    </div>
  );
}
