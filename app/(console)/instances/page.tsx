import type { Metadata } from "next";
import { InstancesPage } from "#components/instances/instances-page.tsx";

export const metadata: Metadata = { title: "Instances" };

export default function Page() {
  return <InstancesPage />;
}
