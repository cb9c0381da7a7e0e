import { describe, expect, it } from "vitest";
import { allowedOrigins, consoleUrl } from "./allowed-origins.ts";

describe("the console's origins", () => {
  it("are this machine's names when it is bound to loopback", () => {
    const address = { host: "127.0.0.1", port: 3000, url: undefined };
    expect(consoleUrl(address)).toBe("http://127.0.0.1:3000");
    expect(allowedOrigins(address)).toEqual(["http://localhost:3000", "http://127.0.0.1:3000", "http://[::1]:3000"]);
  });

  it("include the public address, without its path", () => {
    const address = { host: "0.0.0.0", port: 3000, url: "https://mesh.example.com/" };
    expect(consoleUrl(address)).toBe("https://mesh.example.com");
    expect(allowedOrigins(address)).toContain("https://mesh.example.com");
    expect(allowedOrigins(address)).not.toContain("http://0.0.0.0:3000");
  });

  it("write IPv6 addresses as browsers do", () => {
    expect(allowedOrigins({ host: "fd00::1", port: 80, url: undefined })).toContain("http://[fd00::1]");
  });
});
