-- A revision that gateways were seen to hold and this database had not reached; null: none.
ALTER TABLE "mesh" ADD COLUMN "gateways_ahead" INTEGER;
