import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FIELD_NAMES } from "#domain/live-changes.ts";
import { testPicture } from "#domain/test-picture.ts";
import { keepConnected, PAUSE_AFTER_MS, REOPEN_AFTER_MS, type OpenStream } from "./live-connection.ts";
import { createLiveStore, type ReceivedMessage } from "./live-store.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A page with its stream, as the test plays them. */
function page() {
  const store = createLiveStore(Date.now());
  const opened: (string | null)[] = [];
  let onMessage: (message: ReceivedMessage) => void = () => undefined;
  let onEnd: () => void = () => undefined;
  let isOpen = false;
  let hidden = false;
  let changed: () => void = () => undefined;
  const open: OpenStream = (knownId, handlers) => {
    opened.push(knownId);
    ({ onMessage, onEnd } = handlers);
    isOpen = true;
    return { close: () => void (isOpen = false) };
  };
  const end = keepConnected(store, open, {
    isHidden: () => hidden,
    onChange: (listener) => {
      changed = listener;
      return () => (changed = () => undefined);
    },
  });
  return {
    store,
    opened,
    end,
    isOpen: () => isOpen,
    say: (id: string) =>
      onMessage({ id, data: { kind: "whole", picture: testPicture({ atMs: Date.now() }), names: FIELD_NAMES } }),
    misfit: () => onMessage({ id: "x", data: { kind: "changes", since: "never", patch: "[0]" } }),
    breakOff: () => {
      isOpen = false;
      onEnd();
    },
    show: (shown: boolean) => {
      hidden = !shown;
      changed();
    },
  };
}

it("opens the stream again when it ends, and says which picture it has", async () => {
  const { opened, say, breakOff, end } = page();
  say("run-7");
  breakOff();
  await vi.advanceTimersByTimeAsync(2000);
  expect(opened).toEqual([null, "run-7"]);
  end();
});

it("asks for all of it after changes that do not fit", async () => {
  const { opened, say, misfit, end } = page();
  say("run-7");
  misfit();
  await vi.advanceTimersByTimeAsync(2000);
  expect(opened).toEqual([null, null]);
  end();
});

it("opens a stream again that has fallen silent", async () => {
  const { opened, say, end } = page();
  say("run-7");
  await vi.advanceTimersByTimeAsync(REOPEN_AFTER_MS);
  expect(opened).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(2000);
  expect(opened).toEqual([null, "run-7"]);
  end();
});

it("closes the stream some seconds after the tab was hidden, and goes on at once when it is shown", async () => {
  const { opened, say, show, isOpen, store, end } = page();
  say("run-7");
  show(false);
  await vi.advanceTimersByTimeAsync(PAUSE_AFTER_MS - 2000);
  say("run-15");
  expect(isOpen()).toBe(true);
  await vi.advanceTimersByTimeAsync(2000);
  expect(isOpen()).toBe(false);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(opened).toEqual([null]);
  show(true);
  expect(isOpen()).toBe(true);
  expect(opened).toEqual([null, "run-15"]);
  expect(store.get().lookingSinceMs).toBe(Date.now());
  end();
  expect(isOpen()).toBe(false);
});

it("does nothing for a tab that was hidden for a moment only", async () => {
  const { opened, say, show, end, isOpen } = page();
  say("run-7");
  show(false);
  await vi.advanceTimersByTimeAsync(4000);
  show(true);
  say("run-11");
  await vi.advanceTimersByTimeAsync(4000);
  expect(isOpen()).toBe(true);
  expect(opened).toEqual([null]);
  end();
});
