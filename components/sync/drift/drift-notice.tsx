"use client";

import { links } from "../../links.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { plainText } from "../../diff/plain-text.ts";
import { DRIFT_STATES } from "./drift-words.ts";
import { useStandingDrift } from "./use-standing-drift.ts";

/** On an object's own page: its published node is not what was published. Nothing while it is. */
export function DriftNotice({ policyKey }: { policyKey: string }) {
  const finding = useStandingDrift(policyKey);
  if (finding === null) return null;
  return (
    <Notice
      tone={finding.state === "open" ? "warn" : "info"}
      title="Its node in ZooKeeper was changed by somebody else"
      actions={
        <ButtonLink href={links.drift(policyKey)} size="sm">
          {finding.state === "open" ? "Compare and decide" : "Compare"}
        </ButtonLink>
      }
    >
      What is wrong: <bdi>{plainText(finding.problem)}</bdi>. {DRIFT_STATES[finding.state].meaning}
    </Notice>
  );
}
