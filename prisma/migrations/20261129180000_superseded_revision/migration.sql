-- Whoever wrote into ZooKeeper chose the other side's name: it need not be a UUID.
ALTER TABLE "mesh"
    ALTER COLUMN "supersedes" TYPE TEXT USING "supersedes"::text,
    ADD COLUMN "supersedes_revision" INTEGER;
