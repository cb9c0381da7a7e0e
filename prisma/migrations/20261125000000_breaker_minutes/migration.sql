CREATE TABLE "breaker_minute" (
    "service" TEXT NOT NULL,
    "route_id" TEXT NOT NULL,
    "minute" INTEGER NOT NULL,
    "gateway_id" TEXT NOT NULL,
    "payload" BYTEA NOT NULL,

    CONSTRAINT "breaker_minute_pkey" PRIMARY KEY ("service", "route_id", "minute", "gateway_id")
);

CREATE INDEX "breaker_minute_minute_idx" ON "breaker_minute"("minute");

-- Compressed already.
ALTER TABLE "breaker_minute" ALTER COLUMN "payload" SET STORAGE EXTERNAL;

CREATE TABLE "recording_cursor" (
    "gateway_id" TEXT NOT NULL,
    "run" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "recording_cursor_pkey" PRIMARY KEY ("gateway_id", "run")
);

CREATE INDEX "audit_entry_target_sequence_idx" ON "audit_entry"("target", "sequence");
