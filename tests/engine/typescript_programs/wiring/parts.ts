// What the cases are made of.

import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";

export type Arn = aws.cloudtrail.TrailArgs["cloudWatchLogsGroupArn"];

export function allowed(resource: pulumi.Input<string>): aws.iam.PolicyDocument {
    return {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: resource }],
    };
}

/** A role that CloudTrail may assume, without any policy. */
export function roleWithoutPolicies(
    name: string,
    more: Partial<aws.iam.RoleArgs> = {},
    opts?: pulumi.CustomResourceOptions,
) {
    const assumeRolePolicy = aws.iam.assumeRolePolicyForPrincipal({ Service: "cloudtrail.amazonaws.com" });
    return new aws.iam.Role(name, { assumeRolePolicy, ...more }, opts);
}

/** A role with an inline policy. */
export function deliveryRole(
    name: string,
    policy: aws.iam.RolePolicyArgs["policy"] = allowed("arn:aws:logs:*:*:*"),
    more: Partial<aws.iam.RoleArgs> = {},
    opts?: pulumi.CustomResourceOptions,
) {
    const role = roleWithoutPolicies(name, more, opts);
    new aws.iam.RolePolicy(name, { role: role.name, policy }, opts);
    return role;
}

/** The log group and the role of most cases. */
export const group = new aws.cloudwatch.LogGroup("group");
export const role = deliveryRole("role");

export function trail(name: string, groupArn: Arn, roleArn: Arn, opts?: pulumi.CustomResourceOptions) {
    const arns = { cloudWatchLogsGroupArn: groupArn, cloudWatchLogsRoleArn: roleArn };
    return new aws.cloudtrail.Trail(name, { s3BucketName: "bucket", ...arns }, opts);
}
