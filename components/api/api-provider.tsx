"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from "@trpc/client";
import { useState, type ReactNode } from "react";
import type { AppRouter } from "#api/root.ts";
import { meshErrorOf } from "./mesh-error.ts";
import { mutationLinks } from "./mutation-links.ts";
import { TRPCProvider } from "./trpc.ts";

const URL = "/api/trpc";

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        // What the console has refused, it would refuse again; a lost connection may come back.
        retry: (failures, error) => meshErrorOf(error) === null && failures < 2,
      },
    },
  });
}

function createClient() {
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === "subscription",
        true: httpSubscriptionLink({ url: URL }),
        false: splitLink({
          condition: (operation) => operation.type === "mutation",
          true: mutationLinks({ url: URL }),
          false: httpBatchLink({ url: URL }),
        }),
      }),
    ],
  });
}

/** Gives everything below it the console's procedures and one cache of their answers. */
export function ApiProvider({ children }: { children: ReactNode }) {
  const [queryClient] = useState(createQueryClient);
  const [trpcClient] = useState(createClient);
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}
