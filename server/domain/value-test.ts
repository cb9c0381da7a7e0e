import { linearRegex } from "./linear-regex.ts";
import type { ValueMatch } from "./route-conditions.ts";

/** Makes a condition on a value ready; `undefined` is a value that is not there. */
export function valueTest(match: ValueMatch): (value: string | undefined) => boolean {
  switch (match.kind) {
    case "exact":
      return (value) => value === match.value;
    case "prefix":
      return (value) => value?.startsWith(match.value) === true;
    case "regex": {
      const regex = linearRegex(match.value);
      return (value) => value !== undefined && regex.matches(value);
    }
    case "present":
      return (value) => value !== undefined;
    case "absent":
      return (value) => value === undefined;
  }
}
