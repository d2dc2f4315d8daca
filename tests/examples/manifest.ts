import { parse } from "@std/yaml/parse";
import { Deployment } from "kubernetes-models/apps/v1/Deployment";
import { HorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler";
import { Service } from "kubernetes-models/v1/Service";
import { ROOT } from "../support/checkout.ts";
import { type Outcome, runDeno } from "../support/run_to_end.ts";
import { TempFolder } from "../support/temp_folder.ts";

/** The models of the objects that the examples have, by kind. */
const MODELS = { Deployment, HorizontalPodAutoscaler, Service };

const MODULES: Readonly<Record<string, string>> = {
  Deployment: "kubernetes-models/apps/v1/Deployment",
  HorizontalPodAutoscaler: "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler",
  Service: "kubernetes-models/v1/Service",
};

/** Returns the objects of a Kubernetes manifest. */
// deno-lint-ignore no-explicit-any -- each test checks what it reads
export function parseManifest(text: string): any[] {
  return text.split(/^---$/m).map((document) => parse(document));
}

/** Asserts that objects comply with the schemas of Kubernetes. */
export function validate(resources: ReturnType<typeof parseManifest>): void {
  for (const resource of resources) {
    if (!Object.hasOwn(MODELS, resource.kind)) throw new Error(`There is no ${resource.kind}`);
    new MODELS[resource.kind as keyof typeof MODELS](resource).validate();
  }
}

/** Checks with the types of Kubernetes that objects have no unknown field. */
export async function checkFields(resources: ReturnType<typeof parseManifest>): Promise<Outcome> {
  await using folder = await TempFolder.make();
  const file = `${folder.path}/manifest.ts`;
  const program = resources.map((resource, index) =>
    `import type { I${resource.kind} as I${index} } from "${MODULES[resource.kind]}";
     export const _${index}: I${index} = ${JSON.stringify(resource)};`
  );
  await Deno.writeTextFile(file, program.join("\n"));
  return await runDeno(["check", "--config", `${ROOT}/deno.json`, file]);
}
