import { request } from "node:http";
import { z } from "zod";
import { SHOP_SERVICES } from "../../demo/shop-map.ts";

interface Page {
  readonly type: string;
  readonly text: string;
}

/** Body and type of what an address answers, with a Host header of its own if wished. @throws Error unless it is 200. */
export function answersOf(url: string, host?: string): Promise<Page> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { headers: host === undefined ? {} : { host }, timeout: 10_000 }, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      incoming.on("error", reject);
      incoming.on("end", () => {
        if (incoming.statusCode !== 200)
          return reject(new Error(`${url} answers ${incoming.statusCode}: ${text.slice(0, 300)}`));
        resolve({ type: incoming.headers["content-type"] ?? "", text });
      });
    });
    outgoing.once("timeout", () => outgoing.destroy(new Error(`${url} does not answer`)));
    outgoing.once("error", reject);
    outgoing.end();
  });
}

/** Makes the first administrator by the one-time link and signs in; resolves to the session's cookie. */
export async function signIn(consoleUrl: string, link: string): Promise<string> {
  const account = { name: "Smoke Test", email: "smoke@example.com", password: "correct horse battery staple" };
  const token = new URL(link).searchParams.get("token");
  await post(`${consoleUrl}/api/trpc/session.claim`, consoleUrl, { token, ...account });
  const answer = await post(`${consoleUrl}/api/auth/sign-in/email`, consoleUrl, {
    email: account.email,
    password: account.password,
  });
  const cookie = answer.headers.getSetCookie().map((entry) => entry.split(";")[0] ?? "");
  if (cookie.length === 0) throw new Error("signing in gave no cookie");
  return cookie.join("; ");
}

const Picture = z.object({
  result: z.object({
    data: z.object({
      topology: z.object({ edges: z.array(z.object({ to: z.string(), requestsPerSecond: z.number() })) }),
    }),
  }),
});

/** True when the topology shows traffic to every service of the shop but the backup, which only serves in need. */
export async function trafficSeen(consoleUrl: string, cookie: string): Promise<boolean> {
  const answer = await fetch(`${consoleUrl}/api/trpc/live.current`, {
    headers: { cookie },
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new Error(`live.current answers ${answer.status}: ${await answer.text()}`);
  const { edges } = Picture.parse(await answer.json()).result.data.topology;
  const busy = new Set(edges.filter((edge) => edge.requestsPerSecond > 0).map((edge) => edge.to));
  return SHOP_SERVICES.filter((service) => service !== "payments-backup").every((service) =>
    busy.has(`service:${service}`),
  );
}

async function post(url: string, origin: string, body: unknown): Promise<Response> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", origin },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${await answer.text()}`);
  return answer;
}
