import { formatDateTime } from "../../format/time.ts";

/** `mesh-2026-11-29-17-30-05.svg`: local time, and nothing that a file system refuses. */
export function exportFileName(extension: string, atMs: number): string {
  return `mesh-${formatDateTime(atMs).replaceAll(/[ :]/g, "-")}.${extension}`;
}
