import type { Halt } from "#domain/publishing.ts";
import { plainText } from "../../diff/plain-text.ts";
import { Notice } from "../../ui/notice.tsx";
import { PolicyName } from "../policy-name.tsx";
import { GuidedChoice } from "./guided-choice.tsx";

/** Why nothing is published until a person has done something, and how to do it. */
export function HaltSection({ halt }: { halt: Halt }) {
  if (halt.kind !== "unpublishable") return <GuidedChoice halt={halt} kind={halt.kind} />;
  const [key] = /\b(routes|breakers|services|overrides)\/[^\s,;]+/.exec(halt.reason) ?? [];
  return (
    <Notice tone="bad" role="alert" title="An object cannot be published, so nothing is">
      <p>{plainText(halt.reason)}</p>
      <p className="mt-1">
        {key === undefined ? "Make it smaller, or remove it" : <PolicyName policyKey={key.replace(/[.:)]+$/, "")} />}
        {key !== undefined && ": make it smaller, or remove it"}; publishing goes on by itself. Meanwhile gateways serve
        what they have, and further edits are saved.
      </p>
    </Notice>
  );
}
