import { expect, it } from "vitest";
import { afterCheck, UNKNOWN_HEALTH } from "./health-verdict.ts";
import { HealthCheck } from "./service-policy.ts";

const settings = HealthCheck.parse({ healthyAfter: 2, unhealthyAfter: 3 });
function verdicts(checks: string): string {
  let verdict = UNKNOWN_HEALTH;
  return Array.from(checks, (check) => {
    verdict = afterCheck(verdict, check === "+", settings);
    return verdict.kind === "unknown" ? "?" : verdict.kind === "healthy" ? "h" : "u";
  }).join("");
}

it("changes its mind only after as many checks in a row as the policy asks for", () => {
  expect(verdicts("+--+---")).toBe("hhhhhhu");
  expect(verdicts("---+-++")).toBe("??uuuuh");
});

it("does not condemn what is not known yet before as many failures, and believes good news at once", () => {
  expect(verdicts("--+")).toBe("??h");
});
