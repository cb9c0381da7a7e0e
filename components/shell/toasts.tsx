"use client";

import { useTheme } from "next-themes";
import { Toaster } from "sonner";

/** Short messages about what has just been done. On phones they stay clear of the navigation at the bottom. */
export function Toasts() {
  const { resolvedTheme } = useTheme();
  return (
    <Toaster
      position="bottom-right"
      theme={resolvedTheme === "dark" ? "dark" : "light"}
      visibleToasts={3}
      mobileOffset={{ bottom: 72 }}
      style={{ fontFamily: "inherit" }}
      toastOptions={{
        style: {
          background: "var(--surface)",
          color: "var(--ink)",
          borderColor: "var(--line)",
          boxShadow: "var(--shadow)",
        },
      }}
    />
  );
}
