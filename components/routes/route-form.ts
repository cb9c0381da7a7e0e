"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useForm, type UseFormReturn } from "react-hook-form";
import { formMessage } from "../ui/form-messages.ts";
import { RouteForm, type RouteFormInput, type RouteFormOutput } from "./route-form-schema.ts";

export type RouteFormApi = UseFormReturn<RouteFormInput, unknown, RouteFormOutput>;

/** The form's state, checked by the schema the console itself uses: a field once it was left, everything before it is saved. */
export function useRouteForm(values: RouteFormInput): RouteFormApi {
  return useForm<RouteFormInput, unknown, RouteFormOutput>({
    resolver: zodResolver(RouteForm, { error: formMessage }),
    defaultValues: values,
    mode: "onTouched",
    // A field in a closed section cannot have the focus: the form opens it first.
    shouldFocusError: false,
  });
}
