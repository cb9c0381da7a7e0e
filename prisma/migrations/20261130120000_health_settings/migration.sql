-- How consoles judge health. It governs only what they show, so it is no policy object and is published nowhere.
CREATE TABLE "health_policy" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "version" INTEGER NOT NULL,
    "spec" JSON NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_by" TEXT NOT NULL,

    CONSTRAINT "health_policy_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "health_policy_single_row" CHECK ("id" = 1)
);
