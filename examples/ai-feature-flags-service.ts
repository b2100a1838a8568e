// The AI flags as a service with named questions, against a control plane: node examples/ai-feature-flags-service.ts
// Try it with 'npx dimmer up' running in this folder. It kills all AI egress at its end; 'npx dimmer revive all' undoes it.
import { AIFeatureFlagsService } from "@dimmer/catalog/facade";

const flags = new AIFeatureFlagsService();

console.log("egress:", await flags.getFlag("ai.egress.enabled", false));
console.log("bedrock:", await flags.isProviderEnabled("bedrock"));
console.log("guardrails:", await flags.getGuardrailsMode());
console.log("bandit:", await flags.getBanditMode());

const { version } = await flags.activateSequence("shadow");
console.log("shadow entered, at version", version);
console.log("bedrock, in shadow:", await flags.isProviderEnabled("bedrock"));

await flags.setFlag("ai.streaming.enabled", true);
console.log("streaming, set:", await flags.getFlag("ai.streaming.enabled", false));
await flags.setFlag("ai.streaming.enabled", false);

await flags.setFlag("ai.killswitch.provider.bedrock", true);
console.log("bedrock, killed:", await flags.isProviderEnabled("bedrock"));
await flags.setFlag("ai.killswitch.provider.bedrock", false);

const { durable } = await flags.emergencyKillSwitch();
console.log("everything killed, on disk:", durable);
await flags.close();
