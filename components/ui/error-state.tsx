import { Button } from "./button.tsx";
import { Notice } from "./notice.tsx";
import { messageOf } from "../api/mesh-error.ts";

/** Takes the place of something that could not be loaded: why, and a way to try again. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  return (
    <Notice
      tone="bad"
      role="alert"
      title="This could not be loaded"
      actions={
        onRetry !== undefined && (
          <Button size="sm" onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      {messageOf(error)}
    </Notice>
  );
}
