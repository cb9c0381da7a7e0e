import { FIELD_REQUESTS } from "./field-requests.ts";
import { FRAMING_REQUESTS } from "./framing-requests.ts";
import type { RequestCase } from "./request-case.ts";
import { TARGET_REQUESTS } from "./target-requests.ts";

/** Every request a client may try, and what must come of it. */
export const REQUEST_CORPUS: readonly RequestCase[] = [...FRAMING_REQUESTS, ...TARGET_REQUESTS, ...FIELD_REQUESTS];
