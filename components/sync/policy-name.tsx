import Link from "next/link";
import { plainText } from "../diff/plain-text.ts";
import { policyPlace } from "./policy-place.ts";

/** A published object by its name, leading to where it is edited. */
export function PolicyName({ policyKey }: { policyKey: string }) {
  const { name, href } = policyPlace(policyKey);
  const words = <bdi>{plainText(name)}</bdi>;
  if (href === null) return <span className="font-medium break-words">{words}</span>;
  return (
    <Link href={href} className="font-medium break-words text-accent hover:underline">
      {words}
    </Link>
  );
}
