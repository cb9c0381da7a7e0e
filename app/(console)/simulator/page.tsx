import type { Metadata } from "next";
import { SimulatorPage } from "#components/simulator/simulator-page.tsx";

export const metadata: Metadata = { title: "Try a request" };

export default function Page() {
  return <SimulatorPage />;
}
