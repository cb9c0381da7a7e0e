import { Button } from "./button.tsx";

interface ShowAllButtonProps {
  /** How many there are in all. */
  readonly count: number;
  readonly all: boolean;
  readonly onChange: (all: boolean) => void;
}

/** At the foot of a list of which the first are shown. */
export function ShowAllButton({ count, all, onChange }: ShowAllButtonProps) {
  return (
    <div className="flex justify-center border-t border-line p-2">
      <Button
        size="sm"
        aria-expanded={all}
        onClick={() => {
          onChange(!all);
        }}
      >
        {all ? "Show fewer" : `Show all ${count.toString()}`}
      </Button>
    </div>
  );
}
