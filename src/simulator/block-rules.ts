/** Small rules that together say what Block Kit accepts; each reports what is wrong and where. */

export type Report = (message: string, at: string) => void;
export type Rule = (value: unknown, at: string, report: Report) => void;
export type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function str(max: number, min = 1): Rule {
  return (value, at, report) => {
    if (typeof value !== "string") return report("must be a string", at);
    if (value.length > max) report(`must be less than ${max + 1} characters`, at);
    if (value.length < min) report(`must be more than ${min - 1} characters`, at);
  };
}

export function url(max: number): Rule {
  const text = str(max);
  return (value, at, report) => {
    text(value, at, report);
    if (typeof value === "string" && !URL.canParse(value)) report("invalid url", at);
  };
}

export function bool(value: unknown, at: string, report: Report): void {
  if (typeof value !== "boolean") report("must be a boolean", at);
}

export function int(min: number, max: number): Rule {
  return (value, at, report) => {
    if (!Number.isInteger(value)) return report("must be an integer", at);
    const number = Number(value);
    if (number < min) report(`must be at least ${min}`, at);
    if (number > max) report(`must be at most ${max}`, at);
  };
}

export function oneOf(...allowed: readonly string[]): Rule {
  return (value, at, report) => {
    if (typeof value !== "string" || !allowed.includes(value))
      report("must be a valid enum value", at);
  };
}

export function matches(pattern: RegExp, name: string): Rule {
  return (value, at, report) => {
    if (typeof value !== "string" || !pattern.test(value)) report(`must be a ${name}`, at);
  };
}

export function list(rule: Rule, max: number, min = 1): Rule {
  return (value, at, report) => {
    if (!Array.isArray(value)) return report("must be an array", at);
    if (value.length > max) report(`no more than ${max} items allowed`, at);
    if (value.length < min) report(`no fewer than ${min} items allowed`, at);
    for (const [index, item] of value.entries()) rule(item, `${at}/${index}`, report);
  };
}

/** An object with these properties and no others; a name that ends in "!" is required. */
export function shape(properties: Record<string, Rule>): Rule {
  const rules = new Map(
    Object.entries(properties).map(([name, rule]) => [name.replace("!", ""), rule]),
  );
  const required = Object.keys(properties)
    .filter((name) => name.endsWith("!"))
    .map((name) => name.slice(0, -1));
  const checkKnown = (fields: Fields, at: string, report: Report) => {
    for (const [name, each] of Object.entries(fields)) {
      const rule = rules.get(name);
      if (!rule) report(`invalid additional property: ${name}`, at);
      else if (each !== undefined) rule(each, `${at}/${name}`, report);
    }
  };
  return (value, at, report) => {
    if (!isFields(value)) return report("must be an object", at);
    for (const name of required) {
      if (value[name] === undefined) report(`missing required field: ${name}`, at);
    }
    checkKnown(value, at, report);
  };
}

/** Chooses the rule by the object's `type`; unknown and misplaced types are refused. */
export function byType(rules: Record<string, Rule>, allowed = Object.keys(rules)): Rule {
  return (value, at, report) => {
    if (!isFields(value)) return report("must be an object", at);
    const type = value.type;
    if (typeof type !== "string") return report("missing required field: type", at);
    const rule = allowed.includes(type) ? rules[type] : undefined;
    if (!rule) return report(`unsupported type: ${type}`, `${at}/type`);
    rule(value, at, report);
  };
}

/** All of these rules. */
export function all(...rules: Rule[]): Rule {
  return (value, at, report) => {
    for (const rule of rules) rule(value, at, report);
  };
}

export function exactlyOne(...names: string[]): Rule {
  return (value, at, report) => {
    if (!isFields(value)) return;
    const given = names.filter((name) => value[name] !== undefined);
    if (given.length !== 1) report(`must define exactly one of: ${names.join(", ")}`, at);
  };
}

export function atLeastOne(...names: string[]): Rule {
  return (value, at, report) => {
    if (!isFields(value) || names.some((name) => value[name] !== undefined)) return;
    report(`must define at least one of: ${names.join(", ")}`, at);
  };
}

export function anything(): void {}
