import Link from "next/link";
import type { LiveService } from "#domain/live.ts";
import { plainText } from "../diff/plain-text.ts";
import { links } from "../links.ts";
import { Notice } from "../ui/notice.tsx";

/** So many services are named. */
const NAMED = 5;

/** Says that there are entries which are no instances, and where it is said why. */
export function UnreadableNotice({ services }: { services: readonly LiveService[] }) {
  const concerned = services.filter(({ unreadable }) => unreadable.length > 0);
  const count = concerned.reduce((sum, { unreadable }) => sum + unreadable.length, 0);
  if (count === 0) return null;
  const more = concerned.length - NAMED;
  return (
    <Notice
      tone="warn"
      role="note"
      className="mb-3"
      title={count === 1 ? "One entry cannot be read" : `${count.toLocaleString("en")} entries cannot be read`}
    >
      What cannot be read gets no calls. What is wrong is said at the service:{" "}
      {concerned.slice(0, NAMED).map(({ name }, at) => (
        <span key={name}>
          {at > 0 && ", "}
          <Link href={links.unreadableEntries(name)} className="[overflow-wrap:anywhere] text-accent hover:underline">
            <bdi>{plainText(name)}</bdi>
          </Link>
        </span>
      ))}
      {more > 0 && ` and ${more.toLocaleString("en")} more`}.
    </Notice>
  );
}
