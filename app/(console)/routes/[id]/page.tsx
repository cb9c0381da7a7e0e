import type { Metadata } from "next";
import { RoutePage } from "#components/routes/route-page.tsx";

interface PageProps {
  readonly params: Promise<{ readonly id: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: decodeURIComponent((await params).id) };
}

export default async function Page({ params }: PageProps) {
  return <RoutePage id={decodeURIComponent((await params).id)} />;
}
