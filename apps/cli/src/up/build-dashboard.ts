/** Builds the dashboard if need be, and prints its folder. */
import { buildDashboard } from "@dimmer/dashboard/build";

process.stdout.write(await buildDashboard());
