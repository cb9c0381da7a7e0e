import { defineConfig } from "prisma/config";

/** For Prisma's command line. The address is only needed by commands that talk to a database; generating does not. */
export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  datasource: { url: process.env["DATABASE_URL"] ?? "postgresql://localhost/meshkeeper" },
});
