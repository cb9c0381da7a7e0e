import type { Metadata } from "next";
import { ServicePage } from "#components/services/service-page.tsx";

interface PageProps {
  readonly params: Promise<{ readonly name: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) };
}

export default async function Page({ params }: PageProps) {
  return <ServicePage name={decodeURIComponent((await params).name)} />;
}
