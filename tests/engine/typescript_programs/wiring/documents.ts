// The ways in which a program writes the documents of a role, and gives a role its policies.

import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";
import { allowed, deliveryRole, group, roleWithoutPolicies, trail } from "./parts";

const streams = pulumi.interpolate`${group.arn}:*`;

function delivering(name: string, role: aws.iam.Role) {
    trail(name, streams, role.arn);
}

function permitted(name: string, policy: aws.iam.RolePolicyArgs["policy"]) {
    delivering(name, deliveryRole(name, policy));
}

permitted("policy-object", allowed(streams));
permitted("policy-object-bare", allowed(group.arn));
permitted("policy-stringified", pulumi.jsonStringify(allowed(streams)));
permitted("policy-stringified-bare", pulumi.jsonStringify(allowed(group.arn)));
permitted("policy-applied", streams.apply((arn) => JSON.stringify(allowed(arn))));
permitted("policy-applied-bare", group.arn.apply((arn) => JSON.stringify(allowed(arn))));
permitted("policy-applied-object", streams.apply(allowed));
permitted("policy-applied-object-bare", group.arn.apply(allowed));
// JSON.stringify makes of an Output a text that says that this is not supported.
permitted("policy-of-outputs", JSON.stringify(allowed(streams)));

function lookedUp(resource: pulumi.Input<string>, ...actions: string[]) {
    return aws.iam.getPolicyDocumentOutput({ statements: [{ actions, resources: [resource] }] });
}
permitted("policy-looked-up", lookedUp(streams, "logs:CreateLogStream", "logs:PutLogEvents").json);
permitted("policy-looked-up-bare", lookedUp(group.arn, "logs:CreateLogStream", "logs:PutLogEvents").json);
permitted("policy-looked-up-early", lookedUp("*", "logs:*").apply((found) => found.minifiedJson));
permitted("policy-looked-up-early-less", lookedUp("*", "logs:Get*").apply((found) => found.minifiedJson));
const promised = (...actions: string[]) => aws.iam.getPolicyDocument({ statements: [{ actions, resources: ["*"] }] });
permitted("policy-promised", promised("logs:*").then((found) => found.json));
permitted("policy-promised-less", promised("logs:Get*").then((found) => found.json));

function trusted(name: string, assumeRolePolicy: aws.iam.RoleArgs["assumeRolePolicy"]) {
    delivering(name, deliveryRole(name, undefined, { assumeRolePolicy }));
}

const trust = (Service: pulumi.Input<string>): aws.iam.PolicyDocument => ({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }],
});
trusted("trust-object", trust("cloudtrail.amazonaws.com"));
trusted("trust-object-other", trust("logs.amazonaws.com"));
trusted("trust-for-principal", aws.iam.assumeRolePolicyForPrincipal({ Service: "cloudtrail.amazonaws.com" }));
trusted("trust-for-principal-other", aws.iam.assumeRolePolicyForPrincipal(aws.iam.Principals.Ec2Principal));
const { dnsSuffix } = aws.getPartitionOutput();
trusted("trust-interpolated", trust(pulumi.interpolate`cloudtrail.${dnsSuffix}`));
trusted("trust-interpolated-other", trust(pulumi.interpolate`logs.${dnsSuffix}`));
const trustLookedUp = (...identifiers: string[]) =>
    aws.iam.getPolicyDocumentOutput({
        statements: [{ actions: ["sts:AssumeRole"], principals: [{ type: "Service", identifiers }] }],
    }).json;
trusted("trust-looked-up", trustLookedUp("cloudtrail.amazonaws.com"));
trusted("trust-looked-up-other", trustLookedUp("logs.amazonaws.com"));

/** A trail whose role gets its permissions from what `attach` makes for it. */
function attached(name: string, attach: (role: aws.iam.Role, name: string) => void) {
    const role = roleWithoutPolicies(name);
    attach(role, name);
    delivering(name, role);
}

const all = allowed("arn:aws:logs:*:*:*");
const none = { ...all, Statement: [] };
const policy = new aws.iam.Policy("all-logs", { policy: all });
const emptyPolicy = new aws.iam.Policy("nothing", { policy: none });
const other = roleWithoutPolicies("other");
// A resource where its name is wanted.
attached("role-itself", (role, name) => new aws.iam.RolePolicy(name, { role, policy: all }));
attached("role-itself-other", (_, name) => new aws.iam.RolePolicy(name, { role: other, policy: all }));
attached("attachment", (role, name) => new aws.iam.RolePolicyAttachment(name, { role, policyArn: policy.arn }));
attached("attachment-less", (role, name) => {
    new aws.iam.RolePolicyAttachment(name, { role, policyArn: emptyPolicy.arn });
});
attached("attachment-of-aws", (role, name) => {
    new aws.iam.RolePolicyAttachment(name, { role, policyArn: aws.iam.ManagedPolicy.CloudWatchLogsFullAccess });
});
attached("attachment-of-aws-less", (role, name) => {
    new aws.iam.RolePolicyAttachment(name, { role, policyArn: aws.iam.ManagedPolicy.CloudWatchLogsReadOnlyAccess });
});
const exclusive = new aws.iam.Policy("exclusive", { policy: all });
attached("attachment-of-many", (role, name) => {
    new aws.iam.PolicyAttachment(name, { roles: [role], policyArn: exclusive.arn });
});
attached("attachment-of-many-other", (_, name) => {
    new aws.iam.PolicyAttachment(name, { roles: [other], policyArn: emptyPolicy.arn });
});
const inline = (document: aws.iam.PolicyDocument) => [{ name: "delivery", policy: pulumi.jsonStringify(document) }];
delivering("inline", roleWithoutPolicies("inline", { inlinePolicies: inline(all) }));
delivering("inline-less", roleWithoutPolicies("inline-less", { inlinePolicies: inline(none) }));
