-- Gateways come and go for ever: those that nothing on record names any more are forgotten, as series are.
ALTER TABLE "traffic"."gateway" ADD COLUMN "used_at" TIMESTAMPTZ(0) NOT NULL DEFAULT now();

-- Counts what was written of comings and goings, so that of two consoles that both think they lead the second notices.
ALTER TABLE "traffic"."state" ADD COLUMN "presence_writes" BIGINT NOT NULL DEFAULT 0;
