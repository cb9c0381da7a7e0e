import type { LiveService } from "#domain/live.ts";

/** What an instance registered besides its address: a protocol other than HTTP, and its weight. */
export function RegistryNote({ instance }: { instance: LiveService["instances"][number] }) {
  const { protocol, weight } = instance;
  const notes = [
    ...(protocol === "http" ? [] : [protocol]),
    ...(weight === null ? [] : [`registered weight ${weight.toString()}`]),
  ];
  if (notes.length === 0) return null;
  return <div className="font-sans text-ink-3">{notes.join(" · ")}</div>;
}
