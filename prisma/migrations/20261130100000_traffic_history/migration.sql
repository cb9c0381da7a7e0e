-- Traffic over time. Written by COPY and read by SQL; Prisma, which knows no partitions, has no part in it. It has a schema
-- of its own, so that a backup can leave it out (pg_dump --exclude-schema=traffic).
CREATE SCHEMA "traffic";

-- One row: who records, and up to where coarse spans have been made of finer ones. Rows of earlier seconds that come later are
-- added to the coarse spans by whoever writes them.
CREATE TABLE "traffic"."state" (
    "id" INTEGER NOT NULL DEFAULT 1 CHECK ("id" = 1),
    "writer" TEXT,
    "written_at" TIMESTAMPTZ(3),
    "through_10" TIMESTAMPTZ(0) NOT NULL DEFAULT 'epoch',
    "through_60" TIMESTAMPTZ(0) NOT NULL DEFAULT 'epoch',

    CONSTRAINT "state_pkey" PRIMARY KEY ("id")
);
INSERT INTO "traffic"."state" DEFAULT VALUES;

-- How far a gateway run's windows are in the spans, so that no console counts one twice.
CREATE TABLE "traffic"."cursor" (
    "gateway_id" TEXT NOT NULL,
    "run" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "cursor_pkey" PRIMARY KEY ("gateway_id", "run")
);

-- Numbers that packed details use for names.
CREATE TABLE "traffic"."series" (
    "id" INTEGER GENERATED ALWAYS AS IDENTITY,
    "service" TEXT NOT NULL,
    "caller" TEXT NOT NULL,
    "route_id" TEXT NOT NULL,
    "subset" TEXT NOT NULL,
    "instance" TEXT NOT NULL,
    "as_fallback" BOOLEAN NOT NULL,
    "used_at" TIMESTAMPTZ(0) NOT NULL,

    CONSTRAINT "series_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "series_key" ON "traffic"."series"("service", "caller", "route_id", "subset", "instance", "as_fallback");
CREATE INDEX "series_caller_idx" ON "traffic"."series"("caller", "service");
CREATE INDEX "series_used_at_idx" ON "traffic"."series"("used_at");

CREATE TABLE "traffic"."gateway" (
    "id" INTEGER GENERATED ALWAYS AS IDENTITY,
    "name" TEXT NOT NULL,

    CONSTRAINT "gateway_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "gateway_name_key" UNIQUE ("name")
);

-- The mesh as a whole in one span, and which gateways told of it, with their breakers that were not closed. Rows of one span add up.
CREATE TABLE "traffic"."mesh" (
    "resolution" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(0) NOT NULL,
    "recorded" INTEGER NOT NULL,
    "requests" BIGINT NOT NULL,
    "errors" BIGINT NOT NULL,
    "gateways" JSONB NOT NULL
);
CREATE INDEX "mesh_resolution_at_idx" ON "traffic"."mesh"("resolution", "at");

-- One service in one span: sums to be read by SQL, and each of its series packed. Rows of one span and service add up.
CREATE TABLE "traffic"."span_1" (
    "at" TIMESTAMPTZ(0) NOT NULL,
    "service" TEXT NOT NULL,
    "requests" BIGINT NOT NULL,
    "errors" BIGINT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "detail" BYTEA NOT NULL
) PARTITION BY RANGE ("at");
-- Both repeat their keys hundreds of times, which B-trees keep once; with the other column in the key they would not.
CREATE INDEX "span_1_at_idx" ON "traffic"."span_1"("at");
CREATE INDEX "span_1_service_idx" ON "traffic"."span_1"("service");

CREATE TABLE "traffic"."span_10" (LIKE "traffic"."span_1") PARTITION BY RANGE ("at");
CREATE INDEX "span_10_at_idx" ON "traffic"."span_10"("at");
CREATE INDEX "span_10_service_idx" ON "traffic"."span_10"("service");

CREATE TABLE "traffic"."span_60" (LIKE "traffic"."span_1") PARTITION BY RANGE ("at");
CREATE INDEX "span_60_at_idx" ON "traffic"."span_60"("at");
CREATE INDEX "span_60_service_idx" ON "traffic"."span_60"("service");

-- Instances and gateways that came, left or changed; a baseline is everything there was at that moment.
CREATE TABLE "traffic"."presence" (
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "detail" BYTEA
) PARTITION BY RANGE ("at");
CREATE INDEX "presence_at_idx" ON "traffic"."presence"("at");
CREATE INDEX "presence_baseline_idx" ON "traffic"."presence"("at") WHERE "event" = 'baseline';

-- What happened at a time is looked for in the log by that time.
CREATE INDEX "audit_entry_at_idx" ON "audit_entry"("at");
