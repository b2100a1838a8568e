/** Statsig's server core (Rust behind N-API), fed by a data store; network, logging and exposures off. */
import { Statsig, StatsigUser } from "@statsig/statsig-node-core";
import { askEach, answerAt } from "../src/flags/ask-each.ts";

const silent = { disableExposureLogging: true };

/** @type {import("../src/flags/candidate.ts").Candidate} */
export const candidate = {
  name: "statsig",
  package: "@statsig/statsig-node-core",
  isAsync: false,
  remark: "native code: bytes and heap are the JavaScript side only; splits are experiments, which return an object",
  write(flags) {
    const conditions = {};
    const specs = flags.map((flag) => [
      flag.key,
      flag.type === "split" ? experiment(flag, conditions) : gate(flag, conditions),
    ]);
    const of = (isSplit) =>
      Object.fromEntries(specs.filter((_, index) => (flags[index]?.type === "split") === isSplit));
    return JSON.stringify({
      feature_gates: of(false),
      dynamic_configs: of(true),
      layer_configs: {},
      condition_map: conditions,
      experiment_to_layer: {},
      has_updates: true,
      time: 1,
    });
  },
  async load({ text }) {
    const statsig = new Statsig("secret-bench", {
      dataStore: {
        get: async (key) =>
          key.includes("download_config_specs|plain_text") ? { result: text, time: 1 } : { time: 1 },
        initialize: async () => {},
        shutdown: async () => {},
        set: async () => {},
        supportPollingUpdatesFor: async () => false,
      },
      specAdaptersConfig: [{ adapterType: "data_store", initTimeoutMs: 30_000 }],
      disableNetwork: true,
      disableAllLogging: true,
      disableCountryLookup: true,
      outputLogLevel: "none",
    });
    const { isSuccess, error } = await statsig.initialize();
    if (!isSuccess) throw new Error(`statsig: ${error}`);
    const loaded = {
      context: ({ id, country, email, version, ...custom }) =>
        new StatsigUser({ userID: id, country, email, appVersion: version, custom }),
      boolean: (key, user) => statsig.checkGate(user, key, silent),
      string: (key, user) => statsig.getExperiment(user, key, silent).value.arm,
      all: (flags, user) => askEach(loaded, flags, user),
      answerOf: answerAt,
      close: () => statsig.shutdown(),
    };
    return loaded;
  },
};

const fields = { country: "country", email: "email", version: "appVersion", plan: "plan", age: "age", seats: "seats" };
const operators = {
  equals: "any_case_sensitive",
  "one-of": "any_case_sensitive",
  "starts-with": "str_starts_with_any",
  "version-at-least": "version_gte",
  above: "gt",
  below: "lt",
};

function spec(name, more) {
  return {
    name,
    salt: name,
    enabled: true,
    idType: "userID",
    isActive: true,
    version: 1,
    hasSharedParams: false,
    ...more,
  };
}

function rule(id, condition, more) {
  return { name: id, id, salt: id, idType: "userID", passPercentage: 100, conditions: [condition], ...more };
}

function gate(flag, conditions) {
  const everybody = remember(conditions, "public", { type: "public", targetValue: null, operator: null, field: null });
  const rules =
    flag.type === "rules"
      ? flag.anyOf.map((given, index) => {
          const id = `${flag.key}:${index}`;
          return rule(id, remember(conditions, id, condition(given)), { returnValue: true });
        })
      : [
          rule(flag.key, everybody, {
            returnValue: true,
            passPercentage: flag.type === "rollout" ? flag.percent : 100,
          }),
        ];
  return spec(flag.key, { type: "feature_gate", entity: "feature_gate", defaultValue: false, rules });
}

function experiment(flag, conditions) {
  const rules = flag.arms.map((arm, index) => {
    const id = `${flag.key}:${arm}`;
    const targetValue = ((index + 1) * 1000) / flag.arms.length;
    const bucket = {
      type: "user_bucket",
      operator: "lt",
      targetValue,
      field: null,
      additionalValues: { salt: flag.key },
    };
    return rule(id, remember(conditions, id, bucket), {
      groupName: arm,
      returnValue: { arm },
      isExperimentGroup: true,
    });
  });
  return spec(flag.key, { type: "dynamic_config", entity: "experiment", defaultValue: {}, rules });
}

function condition({ attribute, operator, value }) {
  const isNumber = operator === "above" || operator === "below";
  const targetValue = isNumber || operator === "version-at-least" ? value : [value].flat();
  const common = { operator: operators[operator], targetValue };
  return attribute === "id"
    ? { ...common, type: "unit_id", field: null }
    : { ...common, type: "user_field", field: fields[attribute] };
}

function remember(conditions, id, given) {
  conditions[id] = { additionalValues: null, isDeviceBased: false, idType: "userID", ...given };
  return id;
}
