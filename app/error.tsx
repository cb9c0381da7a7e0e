"use client";

import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";

/** A page that failed while it was drawn. The rest of the console goes on. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <div className="mx-auto max-w-lg p-8">
      <Notice
        tone="bad"
        role="alert"
        title="This page failed"
        actions={
          <Button size="sm" onClick={reset}>
            Try again
          </Button>
        }
      >
        {error.message}
      </Notice>
    </div>
  );
}
