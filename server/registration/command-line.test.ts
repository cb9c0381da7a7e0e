import { describe, expect, it } from "vitest";
import { HELP, parseCommandLine, UsageError, type Defaults } from "./command-line.ts";

const NONE: Defaults = { zookeeper: undefined, root: undefined };
const parse = (text: string, defaults = NONE) => parseCommandLine(text.split(" "), defaults);

function problemOf(text: string): string {
  try {
    parse(text);
    return "";
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

describe("the flags of register", () => {
  it("say what to register; the rest is left to defaults, and the command is untouched", () => {
    expect(parse("--name orders --port 8080 -- node --port 1 -- x")).toEqual({
      registration: { service: "orders", port: 8080, labels: {} },
      zookeeper: { servers: "127.0.0.1:2181", sessionTimeoutMs: 10_000 },
      command: ["node", "--port", "1", "--", "x"],
      verbose: false,
    });
  });

  it("are all carried over", () => {
    const flags =
      "--name orders --port 8443 --https --address orders.local --id one --label version=2 --label a=b=c --weight 50 --zone a " +
      "--health /healthz --health-interval 500ms --health-timeout 1.5s --healthy-after 2 --unhealthy-after 4 " +
      "--zookeeper zk1:2181,zk2:2181/mesh --root /apps --session-timeout 1m --drain 0 --out-of-service --verbose";
    expect(parse(flags)).toEqual({
      registration: {
        service: "orders",
        port: 8443,
        sslPort: 8443,
        address: "orders.local",
        id: "one",
        labels: { version: "2", a: "b=c" },
        weight: 50,
        zone: "a",
        health: "/healthz",
        healthIntervalMs: 500,
        healthTimeoutMs: 1500,
        healthyAfter: 2,
        unhealthyAfter: 4,
        root: "/apps",
        drainMs: 0,
        whenOut: "out-of-service",
      },
      zookeeper: { servers: "zk1:2181,zk2:2181/mesh", sessionTimeoutMs: 60_000 },
      command: null,
      verbose: true,
    });
  });

  it("come before the environment, which comes before defaults", () => {
    const defaults = { zookeeper: "zk:1", root: "/env" };
    expect(parse("--name a --port 1", defaults)).toMatchObject({
      zookeeper: { servers: "zk:1" },
      registration: { root: "/env" },
    });
    expect(parse("--name a --port 1 --zookeeper zk:2 --root /flag", defaults)).toMatchObject({
      zookeeper: { servers: "zk:2" },
      registration: { root: "/flag" },
    });
  });

  it.each([
    ["--port 8080", "--name is missing"],
    ["--name orders", "--port is missing"],
    ["--name orders --port 0", "--port is not usable: it must be a port number from 1 to 65535"],
    ["--name orders --port 80x", "--port is not usable: it must be a port number from 1 to 65535"],
    ["--name a/b --port 1", "--name is not usable: it must be letters, digits"],
    ["--name a --port 1 --id x/y", "--id is not usable"],
    ["--name a --port 1 --address [::1]:80", "--address is not usable: it must be a host name or an IP address"],
    ["--name a --port 1 --label version", "--label version is not usable: write key=value"],
    ["--name a --port 1 --label v=1 --label v=2", "--label v is given twice"],
    ["--name a --port 1 --label @class=x", "--label is not usable: it must be not named @class"],
    ["--name a --port 1 --weight 1001", "--weight is not usable: it must be a whole number from 0 to 1000"],
    ["--name a --port 1 --health ftp://x", "--health is not usable: it must be a path such as /healthz"],
    ["--name a --port 1 --drain 5", "--drain 5 is not usable: write a time such as 500ms, 2s or 1m"],
    ["--name a --port 1 --health-interval 1ms", "--health-interval is not usable: it must be a time from 50"],
    ["--name a --port 1 --session-timeout 10ms", "--session-timeout must be at least 1s"],
    ["--name a --port 1 --zookeeper zk", '"zk" is not a ZooKeeper server; write host:port'],
    ["--name a --port 1 --root services", "--root is not usable: it must be a path such as /services"],
    ["--name a --port 1 --no-payload --out-of-service", "--out-of-service is not usable"],
    ["--name a --port 1 --", "After -- the command to run is missing"],
    ["--name a --port 1 node x.js", "The command to run stands after --"],
    ["--nmae a --port 1", "Unknown option '--nmae'"],
    ["--name --port 1", "'--name"],
  ])("are refused with what to do: %s", (text, problem) => {
    expect(problemOf(text)).toContain(problem);
    expect(problemOf(text)).toContain("--help lists every flag");
  });

  it("are all in the help, and the help in reach whatever else is written", () => {
    expect(parse("--port 0 --help")).toBe("help");
    for (const flag of ["name", "port", "label", "health", "zookeeper", "session-timeout", "drain", "no-payload"])
      expect(HELP).toContain(`--${flag}`);
  });
});
