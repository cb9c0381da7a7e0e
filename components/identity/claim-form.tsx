"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { ClaimDraft, type SignInLink } from "#domain/person.ts";
import { meshErrorOf, messageOf } from "../api/mesh-error.ts";
import { useTRPC } from "../api/trpc.ts";
import { links } from "../links.ts";
import { Button, ButtonLink } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Notice } from "../ui/notice.tsx";
import { signIn } from "./auth-requests.ts";

const FIELDS = ["name", "email", "password"] as const;

interface ClaimFormProps {
  readonly token: string;
  readonly link: SignInLink;
}

/** Uses the one-time link: creates the first administrator or sets a new password, then signs in. */
export function ClaimForm({ token, link }: ClaimFormProps) {
  const claim = useMutation(useTRPC().session.claim.mutationOptions());
  const isFirst = link.purpose === "first-administrator";
  const { register, handleSubmit, formState, setError } = useForm({
    resolver: zodResolver(ClaimDraft),
    defaultValues: { token, name: isFirst ? "" : link.name, email: isFirst ? "" : link.email, password: "" },
  });
  const { errors } = formState;

  const submit = handleSubmit(async (draft) => {
    try {
      const { email } = await claim.mutateAsync(draft);
      const problem = await signIn(email, draft.password);
      window.location.assign(problem === null ? links.topology() : links.signIn());
    } catch (error) {
      const mesh = meshErrorOf(error);
      const at = FIELDS.find((field) => field === mesh?.field);
      if (at === undefined) setError("root", { message: messageOf(error) });
      else setError(at, { message: messageOf(error) }, { shouldFocus: true });
    }
  });

  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <fieldset className="flex flex-col gap-4" disabled={formState.isSubmitting}>
        {errors.root?.message !== undefined && (
          <Notice tone="bad" role="alert" actions={<ButtonLink href={links.signIn()}>Go to sign-in</ButtonLink>}>
            {errors.root.message}
          </Notice>
        )}
        {isFirst && (
          <>
            <Field label="Name" hint="Shown in the audit log." error={errors.name?.message}>
              {(control) => <Input {...register("name")} {...control} autoComplete="name" />}
            </Field>
            <Field label="E-mail address" error={errors.email?.message}>
              {(control) => <Input type="email" {...register("email")} {...control} autoComplete="username" />}
            </Field>
          </>
        )}
        <Field label="Password" hint="At least 10 characters." error={errors.password?.message}>
          {(control) => <Input type="password" {...register("password")} {...control} autoComplete="new-password" />}
        </Field>
        <Button type="submit" variant="primary" disabled={formState.isSubmitting}>
          {formState.isSubmitting
            ? "Saving…"
            : isFirst
              ? "Create administrator and sign in"
              : "Set password and sign in"}
        </Button>
      </fieldset>
    </form>
  );
}
