import Link from "next/link";
import { links } from "../links.ts";

/** A route by name, leading to its page; the draft that is being tried is on the page already. */
export function RouteName({ id, draftId }: { id: string; draftId: string | undefined }) {
  if (id === draftId) return <span className="font-medium">{id} (this draft)</span>;
  return (
    <Link href={links.route(id)} className="font-medium text-accent hover:underline">
      {id}
    </Link>
  );
}
