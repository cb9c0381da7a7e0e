"use client";

import { Menu } from "@base-ui/react/menu";
import { useQueryClient } from "@tanstack/react-query";
import { Check, CircleUser, Gauge, LogOut } from "lucide-react";
import Link from "next/link";
import { useTheme } from "next-themes";
import { toast } from "sonner";
import { links } from "../links.ts";
import { signOut } from "./auth-requests.ts";
import { useSession } from "./use-session.ts";

const THEMES = [
  { value: "system", label: "Same as the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];
const ITEM =
  "flex h-8 cursor-default items-center gap-2 px-3 text-base outline-none select-none data-highlighted:bg-hover data-highlighted:text-ink";

/** The signed-in person: theme and sign-out. */
export function PersonMenu({ compact = false }: { compact?: boolean }) {
  const person = useSession().data?.person;
  const { theme = "system", setTheme } = useTheme();
  const queryClient = useQueryClient();
  if (person === null || person === undefined) return null;

  const leave = async (): Promise<void> => {
    if (!(await signOut())) {
      toast.error("Signing out failed: the console does not answer.");
      return;
    }
    queryClient.clear();
    window.location.assign(links.signIn());
  };

  return (
    <Menu.Root>
      <Menu.Trigger
        aria-label={`Account of ${person.name}`}
        className="flex h-9 min-w-0 items-center gap-2 rounded-md px-2 text-left text-ink-2 hover:bg-hover data-popup-open:bg-hover"
      >
        <CircleUser aria-hidden className="size-4 shrink-0" />
        {!compact && <span className="truncate">{person.name}</span>}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align="start" className="z-50 outline-none">
          <Menu.Popup className="min-w-56 rounded-md border border-line bg-surface py-1 text-ink-2 shadow-pop outline-none">
            <div className="border-b border-line px-3 pt-1 pb-2">
              <div className="truncate font-medium text-ink">{person.name}</div>
              <div className="truncate text-sm text-ink-3">
                {person.email} · {person.role}
              </div>
            </div>
            <Menu.RadioGroup value={theme} onValueChange={setTheme}>
              <Menu.Group>
                <Menu.GroupLabel className="px-3 pt-2 pb-1 text-sm text-ink-3">Theme</Menu.GroupLabel>
                {THEMES.map((option) => (
                  <Menu.RadioItem key={option.value} value={option.value} className={ITEM}>
                    <span className="size-4">
                      <Menu.RadioItemIndicator>
                        <Check aria-hidden className="size-4" />
                      </Menu.RadioItemIndicator>
                    </span>
                    {option.label}
                  </Menu.RadioItem>
                ))}
              </Menu.Group>
            </Menu.RadioGroup>
            <Menu.Separator className="my-1 h-px bg-line" />
            {compact && (
              <Menu.LinkItem className={ITEM} render={<Link href={links.healthSettings()} />} closeOnClick>
                <Gauge aria-hidden className="size-4" />
                Health thresholds
              </Menu.LinkItem>
            )}
            <Menu.Item className={ITEM} onClick={() => void leave()}>
              <LogOut aria-hidden className="size-4" />
              Sign out
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
