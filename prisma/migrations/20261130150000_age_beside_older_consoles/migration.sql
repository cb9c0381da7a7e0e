-- Consoles of versions before this one may still run: they know no ages, and their hashes cover none. An age that they left
-- standing beside an edit of theirs would not fit the hash, and no gateway would believe the object.
ALTER TABLE "policy_object" ADD COLUMN "created_noted" INTEGER;
UPDATE "policy_object" SET "created_noted" = "revision" WHERE "created" IS NOT NULL;

CREATE FUNCTION "forget_stale_age"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."created" := NULL;
  RETURN NEW;
END $$;
CREATE TRIGGER "policy_object_stale_age" BEFORE UPDATE ON "policy_object" FOR EACH ROW
  WHEN (NEW."created_noted" IS DISTINCT FROM NEW."revision") EXECUTE FUNCTION "forget_stale_age"();
