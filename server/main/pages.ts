import { existsSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import next from "next";
import type { Part } from "#platform/lifecycle.ts";

/** The pages, rendered by Next. */
export interface Pages extends Part {
  readonly development: boolean;
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/**
 * Prepares the pages of the application in `dir`.
 * @throws Error when they were not built (production only).
 */
export async function preparePages(options: {
  dir: string;
  development: boolean;
  hostname: string;
  port: number;
}): Promise<Pages> {
  const { development, ...where } = options;
  if (!development && !existsSync(join(options.dir, ".next/BUILD_ID"))) {
    throw new Error(
      "The console's pages have not been built. `npm run console` builds and starts it; `npx next build` builds them.",
    );
  }
  const app = next({ dev: development, customServer: true, ...where });
  await app.prepare();
  const answer = app.getRequestHandler();
  return {
    name: "pages",
    development,
    answer: (request, response) => answer(request, response),
    stop: () => app.close(),
  };
}
