import { ButtonLink } from "#components/ui/button.tsx";
import { links } from "#components/links.ts";

export default function NotFound() {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-3 p-4 text-center">
      <h1 className="text-xl font-semibold">There is no such page</h1>
      <p className="text-ink-2">It may have been removed, or the address is not right.</p>
      <ButtonLink href={links.topology()}>Go to the topology</ButtonLink>
    </main>
  );
}
