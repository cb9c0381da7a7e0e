import path from "node:path";
import type { NextConfig } from "next";

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  turbopack: { root: path.resolve(import.meta.dirname) },
  // Types are checked by `npm run check`, once for the whole repository; the build of a first start need not repeat it.
  typescript: { ignoreBuildErrors: true },
  devIndicators: false,
};

export default config;
