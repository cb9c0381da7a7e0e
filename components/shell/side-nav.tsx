"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { PersonMenu } from "../identity/person-menu.tsx";
import { links } from "../links.ts";
import { cn } from "../ui/cn.ts";
import { ConnectionState } from "./connection-state.tsx";
import { Mark } from "./mark.tsx";
import { isCurrent, NAV_ITEMS } from "./nav-items.ts";

/** Navigation on wide screens: stays at the left. */
export function SideNav() {
  const pathname = usePathname();
  return (
    <header className="sticky top-0 hidden h-dvh w-52 shrink-0 flex-col border-r border-line bg-surface lg:flex">
      <Link href={links.topology()} className="flex h-12 items-center gap-2 px-4 font-semibold">
        <Mark />
        Meshkeeper
      </Link>
      <nav aria-label="Main" className="flex flex-col gap-0.5 px-2">
        {NAV_ITEMS.map((item) => {
          const current = isCurrent(item, pathname);
          return (
            <Link
              key={item.href}
              href={item.href}
              aria-current={current ? "page" : undefined}
              className={cn(
                "flex h-8 items-center gap-2 rounded-md px-2 text-ink-2 hover:bg-hover hover:text-ink",
                current && "bg-accent-tint font-medium text-accent hover:bg-accent-tint hover:text-accent",
              )}
            >
              <item.icon aria-hidden className="size-4" strokeWidth={1.75} />
              {item.label}
            </Link>
          );
        })}
      </nav>
      <div className="mt-auto flex flex-col gap-1 border-t border-line p-2">
        <ConnectionState className="h-7 px-2" />
        <PersonMenu />
      </div>
    </header>
  );
}
