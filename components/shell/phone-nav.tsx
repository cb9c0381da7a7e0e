"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { PersonMenu } from "../identity/person-menu.tsx";
import { links } from "../links.ts";
import { cn } from "../ui/cn.ts";
import { ConnectionState } from "./connection-state.tsx";
import { Mark } from "./mark.tsx";
import { isCurrent, NAV_ITEMS } from "./nav-items.ts";

/** Top bar on narrow screens. */
export function PhoneTopBar() {
  return (
    <header className="sticky top-0 z-30 flex h-12 items-center gap-2 border-b border-line bg-surface px-4 lg:hidden">
      <Link href={links.topology()} className="flex items-center gap-2 font-semibold">
        <Mark />
        Meshkeeper
      </Link>
      <ConnectionState className="ml-auto" />
      <PersonMenu compact />
    </header>
  );
}

/** Navigation on narrow screens: stays at the bottom edge, under the thumb. */
export function PhoneBottomNav() {
  const pathname = usePathname();
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 grid grid-cols-9 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] lg:hidden"
    >
      {NAV_ITEMS.filter(({ wideOnly }) => wideOnly !== true).map((item) => {
        const current = isCurrent(item, pathname);
        return (
          <Link
            key={item.href}
            href={item.href}
            aria-current={current ? "page" : undefined}
            className={cn(
              "flex h-13 min-w-0 flex-col items-center justify-center gap-0.5 text-xs text-ink-2 max-sm:text-[9px]",
              current && "font-medium text-accent",
            )}
          >
            <item.icon aria-hidden className="size-5" strokeWidth={1.75} />
            {item.short ?? item.label}
          </Link>
        );
      })}
    </nav>
  );
}
