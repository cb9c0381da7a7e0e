"use client";

import { deliveryOf } from "#domain/live.ts";
import { policyKey } from "#domain/policy.ts";
import { DeliveryBadge } from "../delivery/delivery-badge.tsx";
import { useLive } from "../live/live-provider.tsx";

/** How far an edit of several services' policies has travelled. A refused one of them is what there is to say. */
export function EditDelivery({ services, revision }: { services: readonly string[]; revision: number }) {
  const { picture } = useLive();
  if (picture === null) return null;
  const keys = services.map((service) => policyKey("services", service));
  const refused = keys.find((key) => deliveryOf(key, revision, picture.sync, picture.gateways).refused.length > 0);
  const shown = refused ?? keys[0];
  return shown === undefined ? null : <DeliveryBadge policyKey={shown} revision={revision} />;
}
