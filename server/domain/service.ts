import { z } from "zod";

/**
 * Name of a service that a policy may point at: letters, digits, `.`, `_`, `-`; at most 128 characters.
 * The registry may hold other names (third parties write there); those are shown but cannot be routed to.
 */
export const ServiceName = z
  .string()
  .min(1, "Name a service")
  .max(128, "At most 128 characters")
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/,
    "Letters, digits, dots, hyphens and underscores; starts and ends with a letter or digit",
  );
export type ServiceName = z.infer<typeof ServiceName>;

const LabelText = z.string().min(1).max(128);

/** Labels an instance must carry, all of them, with exactly these values. An empty record selects every instance. */
export const Labels = z.record(LabelText, LabelText).refine((labels) => Object.keys(labels).length <= 8, {
  error: "At most 8 labels",
});
export type Labels = z.infer<typeof Labels>;

/**
 * Name of a subset, derived from its labels so that two gateways always agree on it: `version=2,zone=a`.
 * Empty for the subset that is the whole service.
 */
export function subsetName(labels: Readonly<Record<string, string>>): string {
  return Object.keys(labels)
    .sort()
    .map((key) => `${key}=${labels[key] ?? ""}`)
    .join(",");
}

/** True when `metadata` carries every label of the subset with the same value. */
export function hasLabels(
  metadata: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(labels).every(([key, value]) => metadata[key] === value);
}
