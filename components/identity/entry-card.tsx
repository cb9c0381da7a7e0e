import type { ReactNode } from "react";
import { Mark } from "../shell/mark.tsx";

/** Frame of the pages in front of the console: signing in, the first administrator. */
export function EntryCard({ title, note, children }: { title: string; note: ReactNode; children: ReactNode }) {
  return (
    <main className="flex min-h-dvh items-start justify-center px-4 pt-[12dvh] pb-8">
      <div className="w-full max-w-sm">
        <div className="mb-6 flex items-center gap-2 text-md font-semibold">
          <Mark />
          Meshkeeper
        </div>
        <div className="rounded-lg border border-line bg-surface p-5">
          <h1 className="text-lg font-semibold">{title}</h1>
          <div className="mt-1 mb-4 text-ink-2">{note}</div>
          {children}
        </div>
      </div>
    </main>
  );
}
