import type { Metadata } from "next";
import { HystrixPage } from "#components/breakers/jvm/hystrix-page.tsx";

interface PageProps {
  readonly params: Promise<{ readonly key: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: decodeURIComponent((await params).key) };
}

export default async function Page({ params }: PageProps) {
  return <HystrixPage commandKey={decodeURIComponent((await params).key)} />;
}
