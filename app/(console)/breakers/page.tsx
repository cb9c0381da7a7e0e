import type { Metadata } from "next";
import { BreakersPage } from "#components/breakers/breakers-page.tsx";

export const metadata: Metadata = { title: "Breakers" };

export default function Page() {
  return <BreakersPage />;
}
