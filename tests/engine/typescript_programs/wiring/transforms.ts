// What changes a trail's properties on their way to the engine.

import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";
import { allowed, group, role, roleWithoutPolicies, trail } from "./parts";

const streams = pulumi.interpolate`${group.arn}:*`;
const right = { cloudWatchLogsGroupArn: streams, cloudWatchLogsRoleArn: role.arn };
const bare = { cloudWatchLogsGroupArn: group.arn, cloudWatchLogsRoleArn: role.arn };
const cleared = { cloudWatchLogsGroupArn: undefined, cloudWatchLogsRoleArn: undefined };
const tagged = { tags: { team: "audit" } };

// Option `transforms`: the engine calls them.
const transforms = (more: object): pulumi.ResourceTransform[] => [
    ({ props, opts }) => ({ props: { ...props, ...more }, opts }),
];
trail("transform", undefined, undefined, { transforms: transforms(right) });
trail("transform-bare", undefined, undefined, { transforms: transforms(bare) });
trail("transform-clears", streams, role.arn, { transforms: transforms(cleared) });
trail("transform-tags", streams, role.arn, { transforms: transforms(tagged) });
trail("transform-tags-bare", group.arn, role.arn, { transforms: transforms(tagged) });

// Option `transformations`: the SDK calls them.
const transformations = (more: object): pulumi.ResourceTransformation[] => [
    ({ props, opts }) => ({ props: { ...props, ...more }, opts }),
];
trail("transformation", undefined, undefined, { transformations: transformations(right) });
trail("transformation-bare", undefined, undefined, { transformations: transformations(bare) });
trail("transformation-clears", streams, role.arn, { transformations: transformations(cleared) });

// Of the whole stack.
const ofTheStack: Record<string, object> = {
    "stack-transform": right,
    "stack-transform-bare": bare,
    "stack-transform-clears": cleared,
    "stack-transform-tags": tagged,
    "stack-transform-tags-bare": tagged,
    "stack-transform-tags-read": tagged,
};
pulumi.runtime.registerResourceTransform(({ name, type, props, opts }) => {
    const more = type === "aws:cloudtrail/trail:Trail" ? ofTheStack[name] : undefined;
    return more && { props: { ...props, ...more }, opts };
});
trail("stack-transform", undefined, undefined);
trail("stack-transform-bare", undefined, undefined);
trail("stack-transform-clears", streams, role.arn);
trail("stack-transform-tags", streams, role.arn);
trail("stack-transform-tags-bare", group.arn, role.arn);

// A transform of the resource's own loses where values come from; one of the stack does not.
const central = new pulumi.StackReference("central", { name: "organization/example-integrated/central" });
const wildcard = central.requireOutput("wildcard");
const roleArn = central.requireOutput("roleArn");
trail("transform-tags-read", wildcard, roleArn, { transforms: transforms(tagged) });
trail("stack-transform-tags-read", wildcard, roleArn);

// Nor does a role show by itself that its policies wait for a log group.
const opts = { transforms: transforms(tagged) };
function inline(name: string, resource: pulumi.Input<string>) {
    const inlinePolicies = [{ name: "delivery", policy: pulumi.jsonStringify(allowed(resource)) }];
    trail(name, streams, roleWithoutPolicies(name, { inlinePolicies }, opts).arn);
}
inline("transform-inline", streams);
inline("transform-inline-bare", group.arn);
function managed(name: string, resource: pulumi.Input<string>) {
    const { arn } = new aws.iam.Policy(name, { policy: allowed(resource) }, opts);
    trail(name, streams, roleWithoutPolicies(name, { managedPolicyArns: [arn] }, opts).arn);
}
managed("transform-managed", streams);
managed("transform-managed-bare", group.arn);
