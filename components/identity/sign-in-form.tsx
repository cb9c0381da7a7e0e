"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { safeNext } from "../links.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Notice } from "../ui/notice.tsx";
import { useHydrated } from "../ui/use-hydrated.ts";
import { signIn } from "./auth-requests.ts";
import { useSession } from "./use-session.ts";

const Credentials = z.object({ email: z.email("Your e-mail address"), password: z.string().min(1, "Your password") });
type Credentials = z.infer<typeof Credentials>;

/** E-mail address and password; leads back to the page asked for. */
export function SignInForm() {
  const hydrated = useHydrated();
  const next = safeNext(useSearchParams().get("next"));
  const unclaimed = useSession().data?.needsFirstAdministrator === true;
  const [refusal, setRefusal] = useState<string | null>(null);
  const { register, handleSubmit, formState } = useForm<Credentials>({
    resolver: zodResolver(Credentials),
    defaultValues: { email: "", password: "" },
  });

  const submit = handleSubmit(async ({ email, password }) => {
    const problem = await signIn(email, password);
    setRefusal(problem);
    // A whole new page: nothing of a previous person's session stays in memory.
    if (problem === null) window.location.assign(next);
  });

  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <fieldset className="flex flex-col gap-4" disabled={!hydrated}>
        {unclaimed && (
          <Notice tone="info" title="There is no administrator yet">
            Open the one-time link that Meshkeeper printed when it started.
          </Notice>
        )}
        {refusal !== null && (
          <Notice tone="bad" role="alert">
            {refusal}
          </Notice>
        )}
        <Field label="E-mail address" error={formState.errors.email?.message}>
          {(control) => <Input type="email" {...register("email")} {...control} autoComplete="username" />}
        </Field>
        <Field label="Password" error={formState.errors.password?.message}>
          {(control) => (
            <Input type="password" {...register("password")} {...control} autoComplete="current-password" />
          )}
        </Field>
        <Button type="submit" variant="primary" disabled={formState.isSubmitting}>
          {formState.isSubmitting ? "Signing in…" : "Sign in"}
        </Button>
      </fieldset>
    </form>
  );
}
