"use client";

import { FallbackFields } from "./fallback-fields.tsx";
import { LimitsPart } from "./limits-part.tsx";
import { OpeningPart } from "./opening-part.tsx";
import { RecoveryPart } from "./recovery-part.tsx";

/** All settings of a breaker, by what people come for. */
export function PolicyFields({ service }: { service: string }) {
  return (
    <div className="flex flex-col gap-5">
      <OpeningPart />
      <RecoveryPart />
      <FallbackFields />
      <LimitsPart service={service} />
    </div>
  );
}
