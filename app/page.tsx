import { redirect } from "next/navigation";
import { links } from "#components/links.ts";

export default function HomePage(): never {
  redirect(links.topology());
}
