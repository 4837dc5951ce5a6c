// A role that may not create log streams.

import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";

const bucket = new aws.s3.Bucket("events");
new aws.s3.BucketPolicy("events", {
    bucket: bucket.id,
    policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
            {
                Effect: "Allow",
                Principal: { Service: "cloudtrail.amazonaws.com" },
                Action: "s3:GetBucketAcl",
                Resource: bucket.arn,
            },
            {
                Effect: "Allow",
                Principal: { Service: "cloudtrail.amazonaws.com" },
                Action: "s3:PutObject",
                Resource: pulumi.interpolate`${bucket.arn}/AWSLogs/*`,
                Condition: { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } },
            },
        ],
    }),
});

const logGroup = new aws.cloudwatch.LogGroup("audit", { name: "audit", retentionInDays: 365 });

const role = new aws.iam.Role("delivery", {
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "cloudtrail.amazonaws.com" }),
});
new aws.iam.RolePolicy("delivery", {
    role: role.name,
    policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
            {
                Effect: "Allow",
                Action: "logs:PutLogEvents",
                Resource: "arn:aws:logs:*:*:*",
            },
        ],
    }),
});

new aws.cloudtrail.Trail("audit", {
    s3BucketName: bucket.id,
    isMultiRegionTrail: true,
    cloudWatchLogsGroupArn: pulumi.interpolate`${logGroup.arn}:*`,
    cloudWatchLogsRoleArn: role.arn,
});
