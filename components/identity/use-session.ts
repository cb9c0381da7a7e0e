"use client";

import { useQuery } from "@tanstack/react-query";
import { isPermitted, type Role } from "#domain/person.ts";
import { useTRPC } from "../api/trpc.ts";

/** Who is signed in. Asked again whenever the window gets the focus, so that a sign-out elsewhere is noticed. */
export function useSession() {
  const trpc = useTRPC();
  return useQuery(trpc.session.me.queryOptions(undefined, { refetchOnWindowFocus: "always" }));
}

/** True when the person may edit policy. */
export function useMayEdit(): boolean {
  return useIsPermitted("operator");
}

/** True when the person may change what holds for the whole mesh. */
export function useMayAdminister(): boolean {
  return useIsPermitted("administrator");
}

/** True when it is known that the person may look and edit nothing; false until who it is is known. */
export function useIsViewer(): boolean {
  const role = useSession().data?.person?.role;
  return role !== undefined && !isPermitted(role, "operator");
}

function useIsPermitted(needed: Role): boolean {
  const role = useSession().data?.person?.role;
  return role !== undefined && isPermitted(role, needed);
}
