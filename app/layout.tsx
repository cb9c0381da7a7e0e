import "./globals.css";
import type { Metadata, Viewport } from "next";
import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { Providers } from "#components/shell/providers.tsx";

export const metadata: Metadata = {
  title: { default: "Meshkeeper", template: "%s · Meshkeeper" },
  description: "Console of a service mesh kept in ZooKeeper.",
  icons: { icon: "/icon.svg" },
  robots: { index: false, follow: false },
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#ffffff" },
    { media: "(prefers-color-scheme: dark)", color: "#141a21" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  // Reading the headers also keeps every page dynamic, as a nonce must be new for each answer.
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    <html lang="en" className={`${GeistSans.variable} ${GeistMono.variable}`} suppressHydrationWarning>
      <body>
        <div className="app-root">
          <Providers nonce={nonce}>{children}</Providers>
        </div>
      </body>
    </html>
  );
}
