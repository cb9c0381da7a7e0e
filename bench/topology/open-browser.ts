import { chromium, type Browser } from "@playwright/test";
import { obtainChromium } from "#launch/chromium.ts";

/** A browser without a GPU, as in a data centre: drawing on one is another matter, and not measured here. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = await obtainChromium(process.env, (words) => void process.stdout.write(`${words}\n`));
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--allow-file-access-from-files"],
  });
}
