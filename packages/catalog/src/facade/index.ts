/** The typed service over the AI flags. */
export {
  AIFeatureFlagsService,
  type AIFeatureFlagsServiceOptions,
  type BanditMode,
  type GuardrailsMode,
} from "./ai-feature-flags-service.ts";
