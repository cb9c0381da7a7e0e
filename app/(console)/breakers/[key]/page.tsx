import type { Metadata } from "next";
import { BreakerPage } from "#components/breakers/breaker-page.tsx";

interface PageProps {
  readonly params: Promise<{ readonly key: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: decodeURIComponent((await params).key) };
}

export default async function Page({ params }: PageProps) {
  return <BreakerPage breakerKey={decodeURIComponent((await params).key)} />;
}
