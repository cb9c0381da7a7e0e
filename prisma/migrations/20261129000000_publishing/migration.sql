ALTER TABLE "mesh"
    ADD COLUMN "drift_mode" TEXT NOT NULL DEFAULT 'repair',
    ADD COLUMN "supersedes" UUID,
    ADD COLUMN "decisions" INTEGER NOT NULL DEFAULT 0;

CREATE TABLE "delivery_ack" (
    "gateway_id" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "delivery_ack_pkey" PRIMARY KEY ("gateway_id", "revision")
);

CREATE INDEX "delivery_ack_revision_idx" ON "delivery_ack"("revision");

CREATE TABLE "drift_finding" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "problem" TEXT NOT NULL,
    "found_hash" TEXT NOT NULL,
    "found" JSON,
    "published" JSON,
    "published_revision" INTEGER,
    "found_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "decided_by" TEXT,
    "resolved_at" TIMESTAMPTZ(3),

    CONSTRAINT "drift_finding_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "drift_finding_key_state_idx" ON "drift_finding"("key", "state");
CREATE INDEX "drift_finding_found_at_idx" ON "drift_finding"("found_at");

-- One finding of a key at a time waits for a decision, or has one that still binds.
CREATE UNIQUE INDEX "drift_finding_standing" ON "drift_finding"("key") WHERE "state" IN ('open', 'restoring', 'ignored');

CREATE TABLE "publisher_report" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "report" JSON NOT NULL,

    CONSTRAINT "publisher_report_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "publisher_report_single_row" CHECK ("id" = 1)
);

CREATE TABLE "idempotency_key" (
    "actor_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "result" JSON NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("actor_id", "key")
);

CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key"("created_at");
