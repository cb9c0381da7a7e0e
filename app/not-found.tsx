import { ButtonLink } from "#components/ui/button.tsx";
import { links } from "#components/links.ts";

export default function NotFound() {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-3 p-4 text-center">
      <h1 className="text-xl font-semibold">There is no such page</h1>
      <p className="text-ink-2">It may have been removed, or the address is not right.</p>
      <div className="flex flex-wrap justify-center gap-2">
        <ButtonLink href={links.overview()} variant="primary">
          Go to the overview
        </ButtonLink>
        <ButtonLink href={links.topology()}>Go to the topology</ButtonLink>
        <ButtonLink href={links.routes()}>Go to the routes</ButtonLink>
      </div>
    </main>
  );
}
