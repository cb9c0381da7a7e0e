import type { Metadata } from "next";
import { NewRoutePage } from "#components/routes/new-route-page.tsx";

interface PageProps {
  readonly searchParams: Promise<{ readonly from?: string | string[] }>;
}

export const metadata: Metadata = { title: "New route" };

export default async function Page({ searchParams }: PageProps) {
  const { from } = await searchParams;
  return <NewRoutePage key={String(from)} from={typeof from === "string" ? from : null} />;
}
