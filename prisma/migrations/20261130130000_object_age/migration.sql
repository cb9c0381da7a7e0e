-- The revision that first made an object. Null: not known yet. Nothing is filled in: what is published of these objects has no
-- age either, and gateways go on ordering them by their revision; see docs/publishing.md, "Age".
ALTER TABLE "policy_object" ADD COLUMN "created" INTEGER;
