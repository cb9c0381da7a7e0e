import { BadgeCheck, CircleCheck, CircleHelp, EyeOff, History, LoaderCircle, type LucideIcon } from "lucide-react";
import type { DriftState } from "#domain/drift.ts";
import type { BadgeTone } from "../../ui/badge.tsx";

interface StateWords {
  readonly word: string;
  readonly tone: BadgeTone;
  readonly icon: LucideIcon;
  /** In the list, what needs a person comes first. */
  readonly rank: number;
  /** What that means for the node. */
  readonly meaning: string;
}

export const DRIFT_STATES: Readonly<Record<DriftState, StateWords>> = {
  open: {
    word: "Waits for a decision",
    tone: "bad",
    icon: CircleHelp,
    rank: 0,
    meaning:
      "Nothing is written to this node until somebody decides or edits the object. Gateways keep to what was published.",
  },
  restoring: {
    word: "Being restored",
    tone: "warn",
    icon: LoaderCircle,
    rank: 1,
    meaning: "The publisher writes the database's value back as soon as it can.",
  },
  ignored: {
    word: "Ignored",
    tone: "off",
    icon: EyeOff,
    rank: 2,
    meaning:
      "The node is left as it was found, for as long as it stays so and the object is not edited. Gateways keep to what was published.",
  },
  repaired: {
    word: "Put right",
    tone: "good",
    icon: CircleCheck,
    rank: 3,
    meaning: "The node is again as the database has it.",
  },
  adopted: {
    word: "Adopted",
    tone: "accent",
    icon: BadgeCheck,
    rank: 3,
    meaning: "What was found was saved as an edit.",
  },
  superseded: {
    word: "Overtaken",
    tone: "off",
    icon: History,
    rank: 3,
    meaning: "Something else was found there since, or the object was edited.",
  },
};

/** Its place on Sync, where links and the keyboard go. */
export const DRIFT_PANEL = "drift";

/** States in which a finding is not over. */
export const STANDING: readonly DriftState[] = ["open", "restoring", "ignored"];
