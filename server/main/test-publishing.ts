import { request } from "undici";
import { policySource } from "#control/policy-source.ts";
import { recordDrift, settleDrift } from "#control/record-drift.ts";
import { recordPublishing } from "#control/record-publishing.ts";
import type { SurveyDeps } from "#control/survey-mesh.ts";
import type { Database } from "#db/client.ts";
import type { Actor } from "#domain/audit.ts";
import { RouteSpec } from "#domain/route.ts";
import { standForElection } from "#zookeeper/election.ts";
import { watchGateways } from "#zookeeper/gateway-presence.ts";
import { publishPolicy, type Publisher } from "#zookeeper/policy-publisher.ts";
import { eventually, quietLog, type TestZooKeeper } from "#zookeeper/test-harness.ts";
import type { RunningGateway } from "./test-gateway.ts";

export const ADA: Actor = { kind: "person", id: "ada", name: "Ada" };

/** What of a console publishes; `server.release()` ends it. */
export function startPublishing(
  server: TestZooKeeper,
  database: Database,
): SurveyDeps & { readonly publisher: Publisher } {
  const zk = server.connect();
  const root = "/meshkeeper";
  const election = server.owns(standForElection(zk, root, "console", quietLog));
  const deps = { database };
  const record = server.owns(
    recordPublishing(deps, { isLeader: () => election.isLeader(), incarnation: () => "", log: quietLog }),
  );
  const directory = server.owns(watchGateways(zk, root, quietLog));
  const publisher: Publisher = server.owns(
    publishPolicy(zk, {
      root,
      consoleId: "console",
      election,
      source: policySource(deps),
      log: quietLog,
      gateways: directory,
      onReport: (report) => record.report(report),
      onDrift: (drift) => recordDrift(deps, drift),
      onSettled: (keys) => settleDrift(deps, keys),
    }),
  );
  return { database, publisher, onEdit: () => publisher.wake(), onDecision: () => publisher.checkNow() };
}

/** A route that the gateway answers itself, with `text`, for all of shop.test. */
export function answering(text: string, description = ""): RouteSpec {
  const answer = { kind: "fixed", body: text };
  return RouteSpec.parse({ hosts: ["shop.test"], description, matches: [{}], destinations: [], answer });
}

/** What the gateway answers, and by which revision; an empty text where no route takes it. */
export async function answerOf({ edgePort }: RunningGateway): Promise<{ text: string; revision: number }> {
  const answer = await request(`http://127.0.0.1:${edgePort}/`, { headers: { host: "shop.test" } });
  const text = await answer.body.text();
  return { text: answer.statusCode === 200 ? text : "", revision: Number(answer.headers["x-mesh-revision"]) };
}

/** Waits until the gateway answers by that revision. @returns its answer. */
export async function answerAt(gateway: RunningGateway, revision: number): Promise<string> {
  let text = "";
  await eventually(`an answer by revision ${revision}`, async () => {
    const answer = await answerOf(gateway);
    text = answer.text;
    return answer.revision === revision;
  });
  return text;
}
