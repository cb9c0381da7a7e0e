import { z } from "zod";

/** `5xx`, `429`, `500-503`: statuses by class, one by one, or from one to another. */
const FORM = /^(?:[1-5]xx|[1-5]\d\d(?:-[1-5]\d\d)?)$/;

/** Answers that count as a failure of the service. Empty: only what failed to answer counts. */
export const FailureStatuses = z
  .array(z.string().regex(FORM, "A class like 5xx, a status like 429, or a range like 500-503"))
  .max(20)
  .refine((forms) => forms.every((form) => !FORM.test(form) || rangeOf(form)[0] <= rangeOf(form)[1]), {
    error: "A range goes from the lower status to the higher",
  });
export type FailureStatuses = z.infer<typeof FailureStatuses>;

/** Decides by table, made once: true for statuses that count as a failure. */
export function failureStatusTest(forms: FailureStatuses): (status: number) => boolean {
  const fails = new Uint8Array(600);
  for (const form of forms) {
    const [from, to] = rangeOf(form);
    fails.fill(1, from, to + 1);
  }
  return (status) => fails[status] === 1;
}

function rangeOf(form: string): readonly [number, number] {
  if (form.endsWith("xx")) return [Number(form[0]) * 100, Number(form[0]) * 100 + 99];
  const [from = "", to = from] = form.split("-");
  return [Number(from), Number(to)];
}
