import Link from "next/link";
import { links } from "../../links.ts";

/** The way back to the list. */
export function BreakersLink() {
  return (
    <Link href={links.breakers()} className="hover:underline">
      Breakers
    </Link>
  );
}
