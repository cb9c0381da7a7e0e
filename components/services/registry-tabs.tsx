"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { links } from "../links.ts";

const PAGES = [
  { href: links.services(), label: "Services" },
  { href: links.instances(), label: "Instances" },
];

/** The two lists of what is registered. */
export function RegistryTabs() {
  const pathname = usePathname();
  return (
    <nav aria-label="Registry" className="inline-flex rounded-md border border-line-strong bg-surface p-0.5">
      {PAGES.map(({ href, label }) => (
        <Link
          key={href}
          href={href}
          aria-current={pathname === href ? "page" : undefined}
          className="inline-flex h-6.5 items-center rounded px-2 text-ink-2 hover:text-ink sm:px-2.5 aria-[current=page]:bg-accent-tint aria-[current=page]:font-medium aria-[current=page]:text-accent"
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
