import type { Finding } from "./route-finding.ts";
import type { RouteSpec } from "./route.ts";
import type { Published } from "./snapshot.ts";

/** What is registered. */
export interface KnownServices {
  readonly services: ReadonlySet<string>;
}

type Remark = Omit<Finding, "routeId">;

/** What can be said of one route by itself. Of a disabled one, only that it is. */
export function settingFindings({ id, spec }: Published<RouteSpec>, known: KnownServices | null): Finding[] {
  const remarks = spec.enabled
    ? [
        ...unknownServices(spec, known),
        ...idleDestinations(spec),
        ...catchAlls(spec),
        ...faults(spec),
        ...mirror(spec),
        ...cors(spec),
        ...retry(spec),
        ...pathOptIns(spec),
        ...webSocket(spec),
      ]
    : [DISABLED];
  return remarks.map((remark) => ({ routeId: id, ...remark }));
}

const DISABLED: Remark = {
  severity: "note",
  code: "disabled",
  message: "The route is switched off and takes no requests. Switch it on, or delete it if it is no longer needed.",
  field: "enabled",
};

function unknownServices({ destinations, mirror: copies }: RouteSpec, known: KnownServices | null): Remark[] {
  if (known === null) return [];
  const named = [
    ...destinations.map(({ service }, at) => ({ service, field: `destinations.${at}.service` })),
    ...(copies === null ? [] : [{ service: copies.service, field: "mirror.service" }]),
  ];
  return named
    .filter(({ service }) => !known.services.has(service))
    .map(({ service, field }) => ({
      severity: "warning",
      code: "unknown-service",
      message: `No service ${service} is registered: requests for it get 503. Check its name, or start it.`,
      field,
    }));
}

function idleDestinations({ destinations }: RouteSpec): Remark[] {
  return destinations.flatMap(({ service, weight }, at): Remark[] =>
    weight > 0
      ? []
      : [
          {
            severity: "note",
            code: "idle-destination",
            message: `${service} has weight 0 and gets no requests. Give it a weight, or take it out if that is not for a while only.`,
            field: `destinations.${at}.weight`,
          },
        ],
  );
}

function catchAlls({ listeners, hosts, matches, answer }: RouteSpec): Remark[] {
  if (answer !== null || hosts.length > 0 || !listeners.includes("edge")) return [];
  const at = matches.findIndex(
    ({ path, methods, headers, query, cookies, callers }) =>
      path.kind === "prefix" &&
      /^\/+$/.test(path.value) &&
      [methods, headers, query, cookies, callers].every((conditions) => conditions.length === 0),
  );
  if (at === -1) return [];
  const message =
    "Whatever comes in from outside and fits no other route is forwarded, for any host. Name the hosts it is meant for, or offer it to services only.";
  return [{ severity: "warning", code: "catches-everything", message, field: "hosts" }];
}

function faults({ faults: made }: RouteSpec): Remark[] {
  if (made === null) return [];
  const kinds = [
    ...(made.delay === null ? [] : [`delayed by ${made.delay.ms} ms (${made.delay.percent} %)`]),
    ...(made.abort === null ? [] : [`answered with ${made.abort.status} (${made.abort.percent} %)`]),
  ];
  if (kinds.length === 0) return [];
  const whose = made.headers.length === 0 ? "Requests" : "Requests with certain headers";
  const message = `${whose} are ${kinds.join(" or ")} on purpose. Take the faults out when the trial is over.`;
  return [{ severity: "warning", code: "faults", message, field: "faults" }];
}

function mirror({ mirror: copies }: RouteSpec): Remark[] {
  if (copies === null || copies.percent < 100) return [];
  const message = `Every request is sent to ${copies.service} as well, which needs room for all of them. Lower the share if a sample is enough.`;
  return [{ severity: "note", code: "mirrors-everything", message, field: "mirror.percent" }];
}

function cors({ cors: rules }: RouteSpec): Remark[] {
  if (rules?.origins.includes("*") !== true) return [];
  const message =
    "Pages of any origin may call the route and read its answers. Name the origins that need to, unless the answers are public.";
  return [{ severity: "warning", code: "any-origin", message, field: "cors.origins" }];
}

function retry({ retry: rules, timeoutMs }: RouteSpec): Remark[] {
  if (rules === null) return [];
  const remarks: Remark[] = [];
  // Of a connection that never came about, nothing was sent: that may be tried again with any method.
  if (rules.anyMethod && rules.on.some((reason) => reason !== "connect-failure"))
    remarks.push({
      severity: "warning",
      code: "retries-any-method",
      message:
        "Requests that change something, such as POST, may be carried out twice: they are sent again after a service may have acted on them. Leave them out, unless the service knows a repeated request.",
      field: "retry.anyMethod",
    });
  if (rules.perTryTimeoutMs !== null && rules.perTryTimeoutMs >= timeoutMs)
    remarks.push({
      severity: "warning",
      code: "try-outlasts-request",
      message: `One try may take ${rules.perTryTimeoutMs} ms, but the whole request only ${timeoutMs} ms: after a slow try there is no time for another. Shorten the one or prolong the other.`,
      field: "retry.perTryTimeoutMs",
    });
  return remarks;
}

function pathOptIns({ pathOptIns: optIns }: RouteSpec): Remark[] {
  if (optIns.length === 0) return [];
  const message = `Paths with ${optIns.join(", ")} are let through, which gateway and service may read differently. Leave it on only for a service that needs it, and that decides itself who may see what.`;
  return [{ severity: "warning", code: "ambiguous-paths", message, field: "pathOptIns" }];
}

function webSocket({ webSocket: isOpen, maxBodyBytes }: RouteSpec): Remark[] {
  if (!isOpen || maxBodyBytes === null) return [];
  const message = `What is sent over a WebSocket is not counted: the limit of ${maxBodyBytes} bytes holds for ordinary requests only.`;
  return [{ severity: "note", code: "body-limit-without-body", message, field: "maxBodyBytes" }];
}
