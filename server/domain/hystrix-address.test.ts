import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { streamAddress, type StreamAddress } from "./hystrix-address.ts";
import type { Instance } from "./instance.ts";
import { testInstance } from "./test-instance.ts";

const instance = (stream: string, change: Partial<Instance> = {}): Instance =>
  testInstance({
    service: "billing",
    id: "b-1",
    address: "10.0.0.7",
    port: 8080,
    metadata: { "hystrix.stream": stream },
    ...change,
  });

const urlOf = (address: StreamAddress | null): string => (address !== null && "url" in address ? address.url : "");

describe("the stream an instance advertises", () => {
  it.each([
    ["/actuator/hystrix.stream", {}, "http://10.0.0.7:8080/actuator/hystrix.stream"],
    ["/hystrix.stream?delay=500#x", {}, "http://10.0.0.7:8080/hystrix.stream?delay=500"],
    [":9001/actuator/hystrix.stream", {}, "http://10.0.0.7:9001/actuator/hystrix.stream"],
    ["http://10.0.0.7:9001/h", {}, "http://10.0.0.7:9001/h"],
    ["https://10.0.0.7/h", {}, "https://10.0.0.7/h"],
    ["/h", { tls: true }, "https://10.0.0.7:8080/h"],
    ["/h", { address: "fd00::7" }, "http://[fd00::7]:8080/h"],
    ["http://[fd00:0:0::7]:1/h", { address: "fd00::7" }, "http://[fd00::7]:1/h"],
    ["http://Billing.Example.com/h", { address: "billing.example.com" }, "http://billing.example.com/h"],
  ] as const)("is %s of %j at %s", (stream, change, url) => {
    expect(streamAddress(instance(stream, change))).toEqual({ url });
  });

  it("is none where nothing is said", () => {
    expect(streamAddress(instance(" "))).toBeNull();
    expect(streamAddress(instance("", { metadata: {} }))).toBeNull();
  });

  it.each([
    "http://169.254.169.254/latest/meta-data",
    "http://localhost:8080/h",
    "//evil.example.com/h",
    "/\\evil.example.com/h",
    ":80@evil.example.com/h",
    "http://10.0.0.7@evil.example.com/h",
    "http://user:secret@10.0.0.7/h",
    "http://10.0.0.7.evil.example.com/h",
    ":0/h",
    ":99999/h",
    "file:///etc/passwd",
    "ftp://10.0.0.7/h",
    "javascript:alert(1)",
    "hystrix.stream",
    `/${"x".repeat(3000)}`,
  ])("is refused with a reason when it is %s", (stream) => {
    expect(streamAddress(instance(stream))).toEqual({ problem: expect.stringMatching(/\.$/) as unknown });
  });

  it("is at the instance's own address, whatever it says", () => {
    const nasty = fc.oneof(
      fc.string(),
      fc.webUrl(),
      fc
        .array(fc.constantFrom("/", "\\", ":", "@", "80", "http:", "evil.com", "10.0.0.7", "\t", "#", "?"))
        .map((all) => all.join("")),
    );
    fc.assert(
      fc.property(nasty, (stream) => {
        const url = urlOf(streamAddress(instance(stream)));
        expect(url === "" || new URL(url).hostname === "10.0.0.7", url).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
