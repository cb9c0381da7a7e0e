import { isIP } from "node:net";
import { z } from "zod";
import { ServiceName } from "#domain/service.ts";
import { isHealth, type OwnCheck } from "./health-check.ts";

const Port = z
  .int("a port number from 1 to 65535")
  .min(1, "a port number from 1 to 65535")
  .max(65_535, "a port number from 1 to 65535");

const whole = (what: string, min: number, max: number) => {
  const meaning = `${what} from ${min} to ${max}`;
  return z.int(meaning).min(min, meaning).max(max, meaning);
};

/** Readers of the registry keep labels up to this length. */
const LABEL = "1 to 1024 characters without control characters";
const LabelText = z
  .string(LABEL)
  .min(1, LABEL)
  .max(1024, LABEL)
  .regex(/^[^\u0000-\u001f\u007f]*$/, LABEL);

/** Written by us, or by Jackson. */
const RESERVED_LABELS = new Set(["@class", "instance_status"]);
const MAX_LABELS = 60;

const Labels = z
  .record(LabelText, LabelText)
  .refine((labels) => Object.keys(labels).length <= MAX_LABELS, `at most ${MAX_LABELS} labels`)
  .refine(
    (labels) => !Object.keys(labels).some((key) => RESERVED_LABELS.has(key)),
    "not named @class or instance_status",
  );

/** The name of a node, short enough for an override to name it. */
const ID = "1 to 200 characters without slashes, spaces and control characters, not . or ..";
const InstanceId = z
  .string(ID)
  .regex(/^(?!\.{1,2}$)[^/\s\u0000-\u001f\u007f-\u009f\ud800-\uf8ff\ufff0-\uffff]+$/, ID)
  .refine((id) => encodeURIComponent(id).length <= 200, ID);

const Address = z
  .string("a host name or an IP address, without brackets and port")
  .refine(
    (address) =>
      isIP(address) !== 0 || /^(?!\d+(?:\.\d+)*$)[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?$/.test(address),
    "a host name or an IP address, without brackets and port",
  );

const HEALTH = "a path such as /healthz, a URL, tcp, tcp://host:port, or none";

/** What is registered, and when: everything but where. */
export const RegistrationSettings = z
  .strictObject({
    /** Registry root. */
    root: z
      .string()
      .regex(/^(?:\/(?!\.{1,2}(?:\/|$))[^/\s]+)+$/, "a path such as /services")
      .default("/services"),
    service: ServiceName,
    /** Unique within the service. Default: `address:port`, so that a restarted process takes the place it had. */
    id: InstanceId.optional(),
    /** Where others reach it. Default: this machine's address as ZooKeeper sees it (`addressTowards`). */
    address: Address.optional(),
    port: Port,
    /** Says that the port speaks TLS; most give the same number in both. */
    sslPort: Port.optional(),
    /** Labels `version`, `zone` and `weight`, which subsets, locality and shares go by. */
    version: LabelText.optional(),
    zone: LabelText.optional(),
    /** 100 is one share. */
    weight: whole("a whole number", 0, 1000).optional(),
    /** Further labels. */
    labels: Labels.default({}),
    /** `none`: no payload at all, for Java consumers of a `ServiceInstance<Void>`; labels are not written then. */
    payload: z.enum(["spring", "none"]).default("spring"),
    /** How a URL is made of the entry; null: not said. */
    uriSpec: z.string().max(1024).nullable().default("{scheme}://{address}:{port}"),
    /** How it is found out whether the service is well. A function is asked in this process. */
    health: z
      .union(
        [z.string().refine(isHealth, HEALTH), z.custom<OwnCheck>((value) => typeof value === "function", HEALTH)],
        HEALTH,
      )
      .default("tcp"),
    healthIntervalMs: whole("a time", 50, 600_000).default(2000),
    healthTimeoutMs: whole("a time", 50, 60_000).default(1000),
    healthyAfter: whole("a whole number", 1, 100).default(1),
    unhealthyAfter: whole("a whole number", 1, 100).default(3),
    /** What is done with the entry of a service that is unhealthy or stops: removed, or marked as not serving. */
    whenOut: z.enum(["withdraw", "out-of-service"]).default("withdraw"),
    /** How long `stop` waits after it took the service out, ms: requests on their way arrive meanwhile. */
    drainMs: whole("a time", 0, 3_600_000).default(5000),
  })
  .refine(({ payload, whenOut }) => payload === "spring" || whenOut === "withdraw", {
    error: "withdraw where there is no payload to carry a status",
    path: ["whenOut"],
  });
export type RegistrationSettings = z.output<typeof RegistrationSettings>;
